import type { ComposeConfig } from '../compose-config.ts';
import { formatPath, type Locate, type Problem, problemAt } from '../problem.ts';
import { cycles, joinedCycles } from './cycles.ts';
import { dependencies, endlessJobs } from './dependencies.ts';
import { engineBounds, mountPaths } from './engine-bounds.ts';
import { fileSources } from './file-sources.ts';
import { images } from './images.ts';
import { limits } from './limits.ts';
import { mountSources, mountTargets } from './mount-targets.ts';
import { deviceRequests, externals, networkModes } from './networks.ts';
import { borrowedNetworks, portAddresses } from './ports.ts';
import { replicas } from './replicas.ts';
import { reserved } from './reserved.ts';
import { risks } from './risks.ts';
import type { Rule } from './rule.ts';
import { undefinedNames } from './undefined-names.ts';

/** The problems of a project as a whole. */
export interface ConfigProblems {
  /** Docker Compose does not accept these either. */
  readonly problems: readonly Problem[];
  /** Problems that only prevent a deploy. */
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface CheckOptions {
  /** Names of the services whose profile is off. */
  readonly inactive?: readonly string[];
  readonly locate?: Locate;
  /** Parts with problems were removed from the config. Rules that need the whole config do not run. */
  readonly isPart?: boolean;
}

/** The most problems of one kind. More would not help. */
const MOST = 100;

const PROBLEMS: readonly Rule[] = [
  images,
  networkModes,
  undefinedNames,
  dependencies,
  cycles,
  replicas,
  limits,
  mountTargets,
  mountSources,
  fileSources,
  externals,
  portAddresses,
  deviceRequests,
];

const BLOCKERS: readonly Rule[] = [reserved, endlessJobs, joinedCycles, borrowedNetworks, mountPaths, engineBounds];

/**
 * Checks a project in its canonical form for problems that no single file shows. Does not check external volumes and
 * networks, which needs the engine, or missing files, which are found when the project is read.
 *
 */
export function checkConfig(
  config: ComposeConfig,
  { inactive = [], locate = () => undefined, isPart = false }: CheckOptions = {},
): ConfigProblems {
  const run = (rules: readonly Rule[]): Problem[] => problemsOf(rules, config, inactive, locate);
  const rules = isPart ? PROBLEMS.filter((rule) => rule !== limits) : PROBLEMS;
  return { problems: run(rules), blockers: run(BLOCKERS), warnings: run([risks]) };
}

/** The rules that Docker Compose checks on included files alone: a later file cannot fix these problems. */
export const checkIncluded = (config: ComposeConfig, locate: Locate): Problem[] =>
  problemsOf([fileSources, externals, portAddresses, deviceRequests], config, [], locate);

const problemsOf = (
  rules: readonly Rule[],
  config: ComposeConfig,
  inactive: readonly string[],
  locate: Locate,
): Problem[] =>
  rules.flatMap((rule) =>
    first(rule(config, inactive), MOST).map(({ path, at = path, message, hint }) => ({
      ...problemAt(locate, formatPath(at), message, hint),
      path: formatPath(path),
    })),
  );

/** Rules stop after the number of problems needed, so that a config full of errors is checked quickly. */
function first<T>(items: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const item of items) if (taken.push(item) === most) break;
  return taken;
}
