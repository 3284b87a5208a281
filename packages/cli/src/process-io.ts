import type { Readable, Writable } from 'node:stream';
import type { Clock } from './model/clock.ts';
import type { SecretMask } from './model/secret-mask.ts';

/** The parts of the process that the program uses. `main.ts` passes the real ones, tests pass others. */
export interface ProcessIo {
  /** Without node and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
  /** Name of this machine. */
  readonly host: string;
  /** `user@host`, shown to other users. */
  readonly user: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly clock: Clock;
  /** Masks the secrets in everything that is printed. */
  readonly secrets: SecretMask;
  /** Calls back on each of these signals until the returned function is called. */
  readonly onSignal: (callback: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
  /** URL of the directory that contains `assets/` and `demo/`. */
  readonly base: string;
  /** Where to report a bug in lobbie. */
  readonly bugsUrl: string;
}
