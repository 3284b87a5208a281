import type { ComposeConfig } from '../compose-config.ts';
import type { KeptValues } from '../read/kept-values.ts';
import type { LobbieExtension } from '../schema/x-lobbie.ts';

/** What is needed to read a project, and where to report problems. */
export interface Reading {
  readonly config: ComposeConfig;
  /** The project directory. */
  readonly directory: string;
  /** Whether bind mounts use this machine's directories. */
  readonly local: boolean;
  /** The value of `x-lobbie`, by service. */
  readonly extensions: ReadonlyMap<string, LobbieExtension>;
  /**
   * The directory that outlives all containers: its absolute path on the engine's machine, and its name in the file.
   */
  readonly history: { readonly named: string; readonly source: string } | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly keptValues: KeptValues;
  /** Rejects with a code such as ENOENT. */
  readonly readFile: (path: string) => Promise<Buffer>;
  /** Names of the files and directories in a directory. Rejects with a code such as ENOTDIR. */
  readonly readDirectory: (path: string) => Promise<readonly string[]>;
  readonly problem: Tell;
  readonly warning: Tell;
}

export type Tell = (path: string, message: string, hint?: string) => void;
