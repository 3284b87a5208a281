import { type LoadedCompose, loadCompose } from '../compose/read/load-compose.ts';
import { LobbieError } from '../model/errors.ts';
import { checkServices } from './check-services.ts';
import { problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';

/**
 * The Compose files of a command, merged and resolved, with all problems found.
 *
 * @param services named on the command line; active even if their profile is not
 * @throws LobbieError `INVALID_INPUT` if there is no file
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
 * The Compose files, for commands that only show them.
 *
 * @param services only these and what they depend on; none means all
 * @throws LobbieError `INVALID_INPUT` with all problems; `USAGE` if a service does not exist
 */
export async function readComposeConfig(source: ComposeSource, services: readonly string[]): Promise<LoadedCompose> {
  const loaded = await read(source, services);
  if (loaded.problems.length > 0) throw problemsError(loaded.problems, loaded, source);
  checkServices(loaded.config.name, loaded.names, services);
  return loaded;
}

/**
 * The name of the project; undefined if there is no Compose file.
 *
 * @throws LobbieError `INVALID_INPUT` if the name cannot be read from the files or is not valid
 */
export async function readProjectName(source: ComposeSource): Promise<string | undefined> {
  const loaded = await load(source, []);
  const wrong = loaded.problems.filter(({ path }) => path === 'name');
  if (wrong.length > 0) throw problemsError(wrong, loaded, source);
  if (loaded.config.name !== '' && loaded.files.length > 0) return loaded.config.name;
  if (loaded.files.length === 0 && isUnsaid(source)) return undefined;
  throw problemsError(loaded.problems, loaded, source);
}

/** Names of the external volumes in the Compose files, as far as they can be read; empty if there is no file. */
export const readExternalVolumes = async (source: ComposeSource): Promise<readonly string[]> =>
  (await load(source, [])).externalVolumes;

/** The error for a missing Compose file: where lobbie looked, and what to do instead. */
export const noComposeFile = (cwd: string, hint?: string): LobbieError =>
  new LobbieError('INVALID_INPUT', `No Compose file (compose.yaml, docker-compose.yml) in ${cwd} or above it.`, {
    hint:
      hint ??
      "Change to your project's directory, or name the file: -f <file>\nTo try lobbie without one: lobbie deploy --demo",
  });

/** Whether lobbie has to look for the files because the user did not name any. */
const isUnsaid = ({ files = [], env }: ComposeSource): boolean => files.length === 0 && !env.COMPOSE_FILE;

async function load(
  { demoFile: _, homeDirectory: _home, secrets, ...options }: ComposeSource,
  services: readonly string[],
): Promise<LoadedCompose> {
  const loaded = await loadCompose({ ...options, ...(services.length > 0 && { services }) });
  secrets?.learn({ services: Object.values(loaded.config.services) });
  return loaded;
}

async function read(source: ComposeSource, services: readonly string[]): Promise<LoadedCompose> {
  const loaded = await load(source, services);
  if (loaded.files.length === 0 && isUnsaid(source)) throw noComposeFile(source.cwd);
  return loaded;
}
