import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The `options.json` of a fixture: how to read its Compose files. Every key is optional. */
export interface FixtureOptions {
  /** As with `-f`, relative to `cwd`; absent: discovery. */
  readonly files?: readonly string[];
  readonly profiles?: readonly string[];
  /** The shell's whole environment, except for HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** As with `--env-file`, relative to `cwd`. */
  readonly envFiles?: readonly string[];
  readonly projectName?: string;
  /** Relative to the fixture's directory, which is the default. */
  readonly cwd?: string;
  /** Path of something that lobbie refuses but the reference accepts. */
  readonly refused?: string;
  /** Paths of values that lobbie reads but does not deploy. The reference has no such category. */
  readonly blockers?: readonly string[];
}

/** The result of reading Compose files: the canonical project, or the error message. Only lobbie has `blockers`. */
export type Reading = { readonly project: unknown; readonly blockers?: readonly string[] } | { readonly error: string };

/** The home directory for reading fixtures. */
export const FIXTURE_HOME = '/home/user';

/** The options of a directory with Compose files; empty if there is no `options.json`. */
export function readFixtureOptions(directory: string): FixtureOptions {
  const path = join(directory, 'options.json');
  // The files belong to this repository, and the reference refuses misspelt keys.
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FixtureOptions) : {};
}

/** Replaces a directory's absolute path in a text by `<dir>`, and that of its parent by `<dir>/..`. */
export function maskDirectory(text: string, directory: string): string {
  const parent = join(directory, '..');
  return text.replaceAll(directory, '<dir>').replaceAll(`${parent}/`, '<dir>/../');
}
