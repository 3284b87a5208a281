import type { ComposeConfig } from '../compose-config.ts';
import type { Path } from '../problem.ts';

/** What a rule has to say about a place of the file. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
}

/** What is known besides the config itself. */
export interface Surroundings {
  /** Names of the services whose profile is off. */
  readonly inactive: readonly string[];
  /** What `${X}` was looked up in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether there is a file, not a directory, at an absolute path. */
  readonly isFile: (path: string) => boolean;
}

/** One kind of mistake, looked for in a whole config. */
export type Rule = (config: ComposeConfig, surroundings: Surroundings) => Iterable<Finding>;
