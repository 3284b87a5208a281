import type { ComposeConfig } from './compose-config.ts';
import type { Locate, Problem } from './problem.ts';

/** What a command was called with. */
export interface LoadOptions {
  /** Absolute path of the directory the command runs in. */
  readonly cwd: string;
  /** `-f`, in order; `-` is standard input. None: COMPOSE_FILE, else the file found in cwd or above it. */
  readonly files?: readonly string[];
  /** `-p`. */
  readonly projectName?: string;
  /** `--profile`. */
  readonly profiles?: readonly string[];
  /** `--env-file`, in order. None: COMPOSE_ENV_FILES, else `.env`. */
  readonly envFiles?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only these services and what they depend on; a service named here is active whatever its profiles say. */
  readonly services?: readonly string[];
  /** Reads a file as text; given by tests, and asked for `-` as well. Rejects with a code such as ENOENT. */
  readonly readFile?: (path: string) => Promise<string>;
}

/** A project as the files describe it. Where there are problems, the config is as far as reading came: not to be deployed. */
export interface LoadedCompose {
  readonly config: ComposeConfig;
  /** Absolute, in the order they were merged. */
  readonly files: readonly string[];
  /** The project directory: relative paths start here. */
  readonly directory: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Services whose profile is off, by name. */
  readonly inactive: readonly string[];
  /** What `${X}` was looked up in: the environment over the env files. */
  readonly environment: Readonly<Record<string, string>>;
  readonly locate: Locate;
}

/**
 * Reads the Compose files of a project as Docker Compose 2.40 does. Every problem of the files is in the answer, none is thrown.
 */
export async function loadCompose(options: LoadOptions): Promise<LoadedCompose> {
  return {
    config: { name: '', services: {} },
    files: [],
    directory: options.cwd,
    problems: [{ path: '', message: 'reading Compose files is not there yet' }],
    warnings: [],
    inactive: [],
    environment: {},
    locate: () => undefined,
  };
}
