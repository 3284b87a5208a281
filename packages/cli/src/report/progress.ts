import type { Event } from '../model/events.ts';

/** What shows events while they happen: live lines, plain lines, or nothing. */
export interface Progress {
  readonly event: (event: Event) => void;
  /** Lines that stay, in their place among the progress. */
  readonly print: (lines: readonly string[]) => void;
  /** Takes away what moves, before something else is written; later events bring it back. */
  readonly clear: () => void;
  readonly close: () => void;
}
