import type { Readable, Writable } from 'node:stream';
import type { Clock } from './model/clock.ts';

/** What the program may touch of its process; `main.ts` hands in the real one, tests another. */
export interface ProcessIo {
  /** Without node and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
  /** Name of this machine. */
  readonly host: string;
  /** `user@host`, for whom it may concern. */
  readonly user: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly clock: Clock;
  /** Calls back on each of the user's signals; gives a function that ends it. */
  readonly onSignal: (callback: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
  /** URL of what has `assets/` and `demo/` beside it. */
  readonly base: string;
}
