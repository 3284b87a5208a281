import type { Writable } from 'node:stream';
import type { Clock } from '../model/clock.ts';
import type { Event } from '../model/events.ts';
import type { ReplicaLogLine, Result } from '../model/results.ts';

/** Tells a person or a program what happens and how it ended. */
export interface Reporter {
  readonly event: (event: Event) => void;
  readonly result: (result: Result) => void;
  /**
   * Prints one line of `lobbie logs`, with its time if `timestamps` is set. Without `nameWidth`, the column of names is
   * as wide as the longest name so far.
   */
  readonly log: (line: ReplicaLogLine, nameWidth?: number, timestamps?: boolean) => void;
  /**
   * Prints a LobbieError on one screen, any other error with its stack. Skips an error that a receipt has already
   * shown.
   */
  readonly error: (error: unknown) => void;
  /** Erases live lines and shows the cursor again. May be called at any time and more than once. */
  readonly close: () => void;
}

export interface ReporterOptions {
  /** `tty`: live lines; `plain`: one line an event; `json`: one object a line; `quiet`: only the shortest result. */
  readonly mode: 'tty' | 'plain' | 'json' | 'quiet';
  /** Results and logs; in JSON mode everything. */
  readonly out: Writable;
  /** Progress and errors. */
  readonly err: Writable;
  /** Only used in tty mode. */
  readonly colour: boolean;
  /** The clock of the events. */
  readonly clock: Pick<Clock, 'now' | 'every'>;
  /** The exit status that an error ends the command with; part of the JSON. */
  readonly exitStatusOf: (error: unknown) => number;
  /** False if the terminal supports only ASCII. Default: true. */
  readonly unicode?: boolean;
  /** Masks the secrets in a text. Everything that is reported goes through it. */
  readonly mask: (text: string) => string;
  /** Where to report a bug. Shown with unexpected errors. */
  readonly bugsUrl?: string;
  /** For times in tables. Default: the machine's time zone. */
  readonly timeZone?: string;
}
