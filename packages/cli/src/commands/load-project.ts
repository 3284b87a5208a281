import { type LoadedCompose, loadCompose } from '../compose/read/load-compose.ts';
import { LobbieError } from '../model/errors.ts';
import { checkServices } from './check-services.ts';
import { problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';

/**
 * The Compose files of a command, merged and resolved, with what is wrong with them.
 *
 * @param services named by the command: active whatever their profiles say
 * @throws LobbieError `INVALID_INPUT` because there is no file
 */
export async function loadProject(source: ComposeSource, services: readonly string[] = []): Promise<LoadedCompose> {
  const loaded = await read(source, []);
  const { config, inactive } = loaded;
  const woken = services.filter((name) => inactive.includes(name));
  if (woken.length === 0 || loaded.problems.length > 0) return loaded;
  const more = await read(source, woken);
  return {
    ...loaded,
    problems: more.problems,
    config: {
      ...config,
      services: { ...config.services, ...more.config.services },
      networks: { ...config.networks, ...more.config.networks },
      volumes: { ...config.volumes, ...more.config.volumes },
      secrets: { ...config.secrets, ...more.config.secrets },
      configs: { ...config.configs, ...more.config.configs },
    },
    inactive: inactive.filter((name) => !(name in more.config.services)),
    blockers: [...loaded.blockers, ...more.blockers],
  };
}

/**
 * The same to be looked at.
 *
 * @param services only these and what they depend on; none means all
 * @throws LobbieError `INVALID_INPUT` with all that is wrong; `USAGE` when there is no such service
 */
export async function readConfig(source: ComposeSource, services: readonly string[]): Promise<LoadedCompose> {
  const loaded = await read(source, services);
  if (loaded.problems.length > 0) throw problemsError(loaded.problems, loaded, source);
  checkServices(loaded.config.name, loaded.names, services);
  return loaded;
}

/**
 * The name of the project that a command means, undefined where there is no Compose file to say it.
 *
 * @throws LobbieError `INVALID_INPUT` when the files are too broken to say, or say what is no name
 */
export async function readProjectName(source: ComposeSource): Promise<string | undefined> {
  const loaded = await load(source, []);
  const wrong = loaded.problems.filter(({ path }) => path === 'name');
  if (wrong.length > 0) throw problemsError(wrong, loaded, source);
  if (loaded.config.name !== '' && loaded.files.length > 0) return loaded.config.name;
  if (loaded.files.length === 0 && isUnsaid(source)) return undefined;
  throw problemsError(loaded.problems, loaded, source);
}

/** Names of the volumes that the Compose files call external, as far as they can be read; none where there is no file. */
export const readExternalVolumes = async (source: ComposeSource): Promise<readonly string[]> =>
  (await load(source, [])).externalVolumes;

/** There is no Compose file: says where it was looked for, and what else there is to do. */
export const noComposeFile = (cwd: string, hint?: string): LobbieError =>
  new LobbieError('INVALID_INPUT', `No Compose file (compose.yaml, docker-compose.yml) in ${cwd} or above it.`, {
    hint:
      hint ??
      "Change to your project's directory, or name the file: -f <file>\nTo see lobbie at work without one: lobbie deploy --demo",
  });

/** The files were looked for, not named. */
const isUnsaid = ({ files = [], env }: ComposeSource): boolean => files.length === 0 && !env.COMPOSE_FILE;

const load = (
  { demoFile: _, homeDirectory: _home, ...options }: ComposeSource,
  services: readonly string[],
): Promise<LoadedCompose> => loadCompose({ ...options, ...(services.length > 0 && { services }) });

async function read(source: ComposeSource, services: readonly string[]): Promise<LoadedCompose> {
  const loaded = await load(source, services);
  if (loaded.files.length === 0 && isUnsaid(source)) throw noComposeFile(source.cwd);
  return loaded;
}
