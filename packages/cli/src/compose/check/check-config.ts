import type { ComposeConfig } from '../compose-config.ts';
import { formatPath, type Locate, type Problem, problemAt } from '../problem.ts';
import { cycles } from './cycles.ts';
import { dependencies } from './dependencies.ts';
import { fileContents, fileSources } from './file-objects.ts';
import { images, remoteContexts } from './images.ts';
import { limits } from './limits.ts';
import { mountKinds, mountTargets } from './mounts.ts';
import { deviceRequests, externals, networkModes } from './networks.ts';
import { impossiblePorts, portClashes } from './published-ports.ts';
import { replicas, singletons } from './replicas.ts';
import { risks } from './risks.ts';
import type { Rule, Surroundings } from './rule.ts';
import { undefinedNames } from './undefined-names.ts';

/** What is wrong with a project as a whole. */
export interface ConfigProblems {
  /** Docker Compose refuses to read these too. */
  readonly problems: readonly Problem[];
  /** It can be read, and not be deployed. */
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const PROBLEMS: readonly Rule[] = [
  images,
  networkModes,
  undefinedNames,
  dependencies,
  cycles,
  replicas,
  limits,
  mountTargets,
  fileSources,
  externals,
  deviceRequests,
];

const BLOCKERS: readonly Rule[] = [remoteContexts, mountKinds, portClashes, impossiblePorts, singletons, fileContents];

/**
 * Checks a project in its canonical form for what no single file shows. Missing external volumes and networks are not
 * looked for: that takes the engine.
 */
export function checkConfig(
  config: ComposeConfig,
  surroundings: Surroundings,
  locate: Locate = () => undefined,
): ConfigProblems {
  const run = (rules: readonly Rule[]): Problem[] =>
    rules.flatMap((rule) =>
      [...rule(config, surroundings)].map(({ path, message, hint }) =>
        problemAt(locate, formatPath(path), message, hint),
      ),
    );
  return { problems: run(PROBLEMS), blockers: run(BLOCKERS), warnings: run([risks]) };
}
