import { type LoadedCompose, loadCompose } from '../compose/load-compose.ts';
import { LobbieError } from '../model/errors.ts';
import { problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';

/**
 * The Compose files of a command, merged and resolved.
 *
 * @param services named by the command: active whatever their profiles say
 * @param others whether the services that were not named are read too
 * @throws LobbieError `INVALID_INPUT` with every problem, or because there is no file
 */
export async function loadProject(
  source: ComposeSource,
  services: readonly string[] = [],
  others: 'too' | 'left-out' = 'too',
): Promise<LoadedCompose> {
  const { demoFile: _, ...options } = source;
  const loaded = await loadCompose({ ...options, ...(others === 'left-out' && services.length > 0 && { services }) });
  if (loaded.files.length === 0 && isUnsaid(source)) throw noComposeFile(source.cwd);
  checkProblems(loaded, source);
  const { config, inactive } = loaded;
  const woken = services.filter((name) => inactive.includes(name));
  if (woken.length === 0) return loaded;
  const more = await loadCompose({ ...options, services: woken });
  checkProblems(more, source);
  return {
    ...loaded,
    config: {
      ...config,
      services: { ...config.services, ...more.config.services },
      networks: { ...config.networks, ...more.config.networks },
      volumes: { ...config.volumes, ...more.config.volumes },
      secrets: { ...config.secrets, ...more.config.secrets },
      configs: { ...config.configs, ...more.config.configs },
    },
    inactive: inactive.filter((name) => !(name in more.config.services)),
  };
}

/**
 * The name of the project that a command means, undefined where there is no Compose file to say it.
 *
 * @throws LobbieError `INVALID_INPUT` when the files are too broken to say
 */
export async function findProjectName(source: ComposeSource): Promise<string | undefined> {
  const { demoFile: _, ...options } = source;
  const loaded = await loadCompose(options);
  if (loaded.config.name !== '' && loaded.files.length > 0) return loaded.config.name;
  if (loaded.files.length === 0 && isUnsaid(source)) return undefined;
  throw problemsError(loaded.problems, loaded, source.cwd);
}

/** There is no Compose file: says where it was looked for, and what else there is to do. */
export const noComposeFile = (cwd: string, hint?: string): LobbieError =>
  new LobbieError('INVALID_INPUT', `No Compose file (compose.yaml, docker-compose.yml) in ${cwd} or above it.`, {
    hint:
      hint ??
      "Change to your project's directory, or name the file: -f <file>\nTo see lobbie at work without one: lobbie deploy --demo",
  });

/** The files were looked for, not named. */
const isUnsaid = ({ files = [], env }: ComposeSource): boolean => files.length === 0 && !env.COMPOSE_FILE;

function checkProblems(loaded: LoadedCompose, { cwd }: ComposeSource): void {
  if (loaded.problems.length > 0) throw problemsError(loaded.problems, loaded, cwd);
}
