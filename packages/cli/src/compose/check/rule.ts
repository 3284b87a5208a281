import type { ComposeConfig } from '../compose-config.ts';
import type { Path } from '../problem.ts';

/** What a rule has to say about a place of the file. */
export interface Finding {
  readonly path: Path;
  /** Path of the part to point at, where that is more exact: an item of a list by its name. */
  readonly at?: Path;
  readonly message: string;
  readonly hint?: string;
}

/**
 * One kind of mistake, looked for in a whole config.
 *
 * @param inactive names of the services whose profile is off
 */
export type Rule = (config: ComposeConfig, inactive: readonly string[]) => Iterable<Finding>;
