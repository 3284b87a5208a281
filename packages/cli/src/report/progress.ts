import type { Event } from '../model/events.ts';

/** Shows events as they happen: live lines, plain lines, or nothing. */
export interface Progress {
  readonly event: (event: Event) => void;
  /** Prints lines that stay, in order with the progress. */
  readonly print: (lines: readonly string[]) => void;
  /** Erases the moving lines before something else is written. The next event brings them back. */
  readonly clear: () => void;
  readonly close: () => void;
}
