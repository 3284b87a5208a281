import type { ComposeConfig } from '../compose-config.ts';
import type { KeptValues } from '../read/kept-values.ts';
import type { LobbieExtension } from './x-lobbie.ts';

/** What reading a project runs with, and where it says what is wrong. */
export interface Reading {
  readonly config: ComposeConfig;
  /** The project directory. */
  readonly directory: string;
  /** Whether a bind mount means a directory of this machine. */
  readonly local: boolean;
  /** What `x-lobbie` says, by service. */
  readonly extensions: ReadonlyMap<string, LobbieExtension>;
  /** Absolute path on the engine's machine of the directory that outlives all containers, and how the file names it. */
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
