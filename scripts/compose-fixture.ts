import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a fixture's `options.json` says of how its Compose files are read; all of it may be absent. */
export interface FixtureOptions {
  /** As with `-f`, relative to `cwd`; absent: discovery. */
  readonly files?: readonly string[];
  readonly profiles?: readonly string[];
  /** The whole environment of the shell, but for HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** As with `--env-file`, relative to `cwd`. */
  readonly envFiles?: readonly string[];
  readonly projectName?: string;
  /** Relative to the fixture's directory, which is the default. */
  readonly cwd?: string;
  /** Path of what lobbie cannot read and the reference can. */
  readonly refused?: string;
  /** Paths of what lobbie can read and not deploy: not supported, or the engine would refuse it; the reference knows no such thing. */
  readonly blockers?: readonly string[];
}

/** What came of reading Compose files: the canonical project, or the message of the refusal. `blockers` are lobbie's. */
export type Reading = { readonly project: unknown; readonly blockers?: readonly string[] } | { readonly error: string };

/** The home directory that fixtures are read with. */
export const FIXTURE_HOME = '/home/user';

/** The options of a directory with Compose files; none where it has no `options.json`. */
export function readFixtureOptions(directory: string): FixtureOptions {
  const path = join(directory, 'options.json');
  // The files are this repository's own, and the reference refuses what is misspelt in them.
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FixtureOptions) : {};
}

/** Takes a directory's absolute path out of a text: `<dir>`, and `<dir>/..` for the one above. */
export function maskDirectory(text: string, directory: string): string {
  const parent = join(directory, '..');
  return text.replaceAll(directory, '<dir>').replaceAll(`${parent}/`, '<dir>/../');
}
