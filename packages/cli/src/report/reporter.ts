import type { Writable } from 'node:stream';
import type { Event } from '../model/events.ts';
import type { ReplicaLogLine, Result } from '../model/results.ts';

/** Tells a person or a program what happens and what came of it. */
export interface Reporter {
  readonly event: (event: Event) => void;
  readonly result: (result: Result) => void;
  /**
   * One line of `lobbie logs`, with its time where that is asked for; the names' column grows with the longest seen
   * unless its width is given.
   */
  readonly log: (line: ReplicaLogLine, nameWidth?: number, timestamps?: boolean) => void;
  /** A LobbieError is told on one screen, anything else with its stack. What a receipt has told is not told twice. */
  readonly error: (error: unknown) => void;
  /** Erases live lines and gives the cursor back; may be called at any time and more than once. */
  readonly close: () => void;
}

export interface ReporterOptions {
  /** `tty`: live lines; `plain`: a line an event; `json`: an object a line; `quiet`: the shortest result alone. */
  readonly mode: 'tty' | 'plain' | 'json' | 'quiet';
  /** Results and logs; in JSON mode everything. */
  readonly out: Writable;
  /** Progress and errors. */
  readonly err: Writable;
  /** Used in tty mode alone. */
  readonly colour: boolean;
  /** Milliseconds since 1970, the clock of the events. */
  readonly now: () => number;
  /** False where the terminal knows ASCII only; true unless said. */
  readonly unicode?: boolean;
  /** Where to report a bug; shown with unexpected errors. */
  readonly bugsUrl?: string;
  /** For the times in tables; the machine's unless said. */
  readonly timeZone?: string;
  /** Calls back every so many milliseconds until the function it gives is called; a timer that keeps no process alive. */
  readonly every?: (ms: number, tick: () => void) => () => void;
}
