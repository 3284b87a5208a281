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

/** What is wrong with a project as a whole. */
export interface ConfigProblems {
  /** Docker Compose refuses to read these too. */
  readonly problems: readonly Problem[];
  /** It can be read, and not be deployed. */
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface CheckOptions {
  /** Names of the services whose profile is off. */
  readonly inactive?: readonly string[];
  readonly locate?: Locate;
  /** Something of the files is not there, for it is wrong: nothing is told of what only the whole shows. */
  readonly isPart?: boolean;
}

/** Of one kind; nobody reads more. */
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
 * Checks a project in its canonical form for what no single file shows. Missing external volumes and networks are not
 * looked for, for that takes the engine; nor what only the reading of the project can tell, such as missing files.
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

/** What Docker Compose checks of included files alone: a file over them cannot put it right. */
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

/** Rules look no further than they are asked to, so a config that is wrong throughout is answered as fast as any. */
function first<T>(items: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const item of items) if (taken.push(item) === most) break;
  return taken;
}
