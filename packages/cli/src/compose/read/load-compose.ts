import { readFile as readFileOf } from 'node:fs';
import { checkConfig } from '../check/check-config.ts';
import type { ComposeConfig } from '../compose-config.ts';
import { decodeConfig } from '../decode/decode-config.ts';
import { inOrder, mayFollow } from '../order-problems.ts';
import { type Locate, type Problem, problemAt } from '../problem.ts';
import { isMap, newMap, type TreeMap } from '../tree.ts';
import { foldFiles } from './fold-files.ts';
import { type KeptValues, takeKeptValues } from './kept-values.ts';
import { normalize } from './normalize.ts';
import { checkProjectName } from './project-name.ts';
import type { ReadFile } from './read-env-files.ts';
import { readEnvironment } from './read-environment.ts';
import { readTree } from './read-tree.ts';
import { resolvePaths } from './resolve-paths.ts';
import { narrowTo, selectServices, withoutUnused } from './select-services.ts';
import { setDefaults } from './set-defaults.ts';

/** The options of a command. */
export interface LoadOptions {
  /** Absolute path of the directory the command runs in. */
  readonly cwd: string;
  /** `-f`, in order; `-` is standard input. Empty: COMPOSE_FILE, else the file found in cwd or above it. */
  readonly files?: readonly string[];
  /** `-p`. */
  readonly projectName?: string;
  /** `--profile`. */
  readonly profiles?: readonly string[];
  /** `--env-file`, in order. Empty: COMPOSE_ENV_FILES, else `.env`. */
  readonly envFiles?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only these services and their dependencies, as far as they exist. They are active even if their profile is not. */
  readonly services?: readonly string[];
  /** Reads a file as text, including `-`; passed in by tests. Rejects with a code such as ENOENT. */
  readonly readFile?: ReadFile;
}

/** A project as described by the files. With problems, the config may be incomplete and must not be deployed. */
export interface LoadedCompose {
  readonly config: ComposeConfig;
  /** Absolute, in the order of merging. Empty: there is no Compose file, which is also a problem. */
  readonly files: readonly string[];
  /** The project directory: the base of relative paths. */
  readonly directory: string;
  /** Problems that Docker Compose reports too. */
  readonly problems: readonly Problem[];
  /** Problems that only prevent a deploy: features that lobbie does not support, or values that cannot work. */
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Names of all services, including those that are not active or were not asked for. */
  readonly names: readonly string[];
  /** Names of the services without an active profile. */
  readonly inactive: readonly string[];
  /** Names of profiles that would activate some of them. */
  readonly offProfiles: readonly string[];
  /** Names on the engine of all external volumes, including those that no active service uses. */
  readonly externalVolumes: readonly string[];
  /** The variables for `${X}`: the environment, then the env files. */
  readonly environment: Readonly<Record<string, string>>;
  /** Values of secrets and configs that only an included file knows. */
  readonly keptValues: KeptValues;
  readonly locate: Locate;
}

/** Reads the Compose files of a project like Docker Compose 2.40. Returns every problem of the files; throws none. */
export async function loadCompose(options: LoadOptions): Promise<LoadedCompose> {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const { cwd, files: named = [], envFiles = [], env, services = [], readFile = readText } = options;
  const found = await readEnvironment({ cwd, files: named, envFiles, env, readFile, problems });
  const { files, directory } = found;
  for (const message of found.warnings) warnings.push({ path: '', message });
  const nothing = {
    files,
    directory,
    blockers: [],
    warnings,
    names: [],
    inactive: [],
    offProfiles: [],
    externalVolumes: [],
    environment: found.environment,
    keptValues: new Map(),
  };
  if (files.length === 0) {
    const message = `there is no Compose file in ${cwd} or above it`;
    problems.push({ path: '', message, hint: 'Create a compose.yaml, or name a file with -f.' });
    return { ...nothing, problems, config: { name: '', services: {} }, locate: () => undefined };
  }
  const givenName = options.projectName ?? (found.environment.COMPOSE_PROJECT_NAME || undefined);
  const giver = options.projectName === undefined ? 'COMPOSE_PROJECT_NAME' : '--project-name';
  const nameProblem = givenName === undefined ? undefined : checkProjectName(givenName, giver);
  if (nameProblem !== undefined) problems.push({ path: 'name', message: nameProblem });
  const home = found.environment.HOME;
  const read = await readTree({ cwd, files, directory, givenName, environment: found.environment, home, readFile });
  const { name, environment, locate, blockers } = read;
  problems.push(...read.problems);
  warnings.push(...read.warnings);
  const ordered = (): Problem[] => inOrder(problems, files);
  const answer = { ...nothing, blockers, environment, locate };
  if (read.tree === undefined) return { ...answer, problems: ordered(), config: { name, services: {} } };

  // Invalid parts are no longer in the tree. Their consequences are not reported.
  const told = [...problems];
  const add = (...more: readonly Problem[]) => void problems.push(...more.filter((one) => !mayFollow(one, told)));
  const report = (path: string, message: string) => add(problemAt(locate, path, message));
  const { tree: merged, kept } = takeKeptValues(withoutVersion(read.tree));
  const tree = normalize(resolvePaths(setDefaults(merged), { directory, home }), name, environment);
  const whole = decodeConfig(tree, name, report);
  const profiles = options.profiles?.length ? options.profiles : profilesOf(environment);
  const { active, inactive, offProfiles } = selectServices(whole.services, profiles, services);
  const raw = isMap(tree.services) ? tree.services : newMap();
  const folding = { environment, readFile, report };
  for (const [service, config] of Object.entries(active)) {
    const own = raw[service];
    if (isMap(own)) active[service] = await foldFiles(config, service, own, folding);
  }
  const config = { ...whole, services: active };
  const checked = checkConfig(config, { inactive, locate, isPart: told.length > 0 });
  add(...checked.problems);
  return {
    ...answer,
    keptValues: kept,
    config: withoutUnused(narrowTo(config, services)),
    problems: ordered(),
    blockers: [
      ...blockers.filter(({ path }) => !inactive.some((service) => isBelow(path, service))),
      ...checked.blockers,
    ],
    warnings: [...warnings, ...checked.warnings],
    names: Object.keys(whole.services),
    inactive,
    offProfiles,
    externalVolumes: Object.entries(whole.volumes ?? {}).flatMap(([key, { external, name = key }]) =>
      external ? [name] : [],
    ),
  };
}

const isBelow = (path: string, service: string): boolean => `${path}.`.startsWith(`services.${service}.`);

function withoutVersion(tree: TreeMap): TreeMap {
  const { version: _, ...rest } = tree;
  return newMap(Object.entries(rest));
}

const profilesOf = ({ COMPOSE_PROFILES = '' }: Readonly<Record<string, string>>): string[] =>
  COMPOSE_PROFILES.split(',').map((profile) => profile.trim());

/** `-` is standard input, whose descriptor is 0. */
const readText: ReadFile = (path) =>
  new Promise((resolve, reject) => {
    readFileOf(path === '-' ? 0 : path, 'utf8', (error, text) => (error === null ? resolve(text) : reject(error)));
  });
