import type { ComposeConfig } from '../compose-config.ts';
import type { Path } from '../problem.ts';

/** A rule's finding about a place in the file. */
export interface Finding {
  readonly path: Path;
  /** A more exact path, if there is one: a list item by its name. */
  readonly at?: Path;
  readonly message: string;
  readonly hint?: string;
}

/**
 * A check for one kind of mistake in a whole config.
 *
 * @param inactive names of the services whose profile is off
 */
export type Rule = (config: ComposeConfig, inactive: readonly string[]) => Iterable<Finding>;
