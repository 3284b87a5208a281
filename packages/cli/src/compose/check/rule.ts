import type { ComposeConfig } from '../compose-config.ts';
import type { Path } from '../problem.ts';

/** What a rule has to say about a place of the file. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
}

/**
 * One kind of mistake, looked for in a whole config.
 *
 * @param inactive names of the services whose profile is off
 */
export type Rule = (config: ComposeConfig, inactive: readonly string[]) => Iterable<Finding>;
