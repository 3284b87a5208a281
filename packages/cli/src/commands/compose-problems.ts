import { relative } from 'node:path';
import { inOrder } from '../compose/order-problems.ts';
import type { Problem } from '../compose/problem.ts';
import type { LoadedCompose } from '../compose/read/load-compose.ts';
import { LobbieError } from '../model/errors.ts';
import type { ComposeSource } from './compose-source.ts';

/** More problems at once would not help the user. */
const MOST_SHOWN = 50;

/**
 * All problems of a project's files as one error, a line each: `compose.yaml:12:7 services.api.ports[0]: …`.
 *
 * @param source the directory that file names are relative to, and the options of the command
 */
export function problemsError(
  problems: readonly Problem[],
  { files }: LoadedCompose,
  source: Pick<ComposeSource, 'cwd' | 'files' | 'profiles' | 'envFiles'>,
): LobbieError {
  const { cwd } = source;
  const missing = missingFiles(problems, cwd);
  if (missing !== undefined) return missing;
  const shown = inOrder(problems, files)
    .slice(0, MOST_SHOWN)
    .flatMap((problem) => [problemLine(problem, cwd), ...(problem.hint === undefined ? [] : [`  ${problem.hint}`])]);
  const rest = problems.length - MOST_SHOWN;
  const { subject, verb } = namesOf(files, cwd);
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new LobbieError('INVALID_INPUT', `${subject} ${verb} ${count}.`, {
    details: rest > 0 ? [...shown, `and ${rest} more`] : shown,
    hint: `Fix ${problems.length === 1 ? 'it' : 'them'}, then check with: ${configCommand(source)}`,
  });
}

/** The error for Compose files that were named and do not exist. No other problem is reported then. */
function missingFiles(problems: readonly Problem[], cwd: string): LobbieError | undefined {
  const missing = problems.flatMap(({ missingFile }) => (missingFile === undefined ? [] : [missingFile]));
  if (missing.length === 0 || missing.length < problems.length) return undefined;
  const names = missing.map((file) => seenFrom(cwd, file)).join(', ');
  return new LobbieError(
    'INVALID_INPUT',
    `${missing.length === 1 ? 'Compose file' : 'Compose files'} not found: ${names}.`,
    { details: missing, hint: 'Check -f, or COMPOSE_FILE in the environment or in .env.' },
  );
}

/** `lobbie config` with the options that select the same files. */
function configCommand({
  files = [],
  profiles = [],
  envFiles = [],
}: Pick<ComposeSource, 'files' | 'profiles' | 'envFiles'>): string {
  const options = [
    ...files.flatMap((file) => ['-f', file]),
    ...envFiles.flatMap((file) => ['--env-file', file]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
  ];
  return ['lobbie config', ...options.map(inShell)].join(' ');
}

/** Quotes a word for a shell. */
const inShell = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The subject of a sentence about the files: `compose.yaml has`, `The Compose files have`. */
export function namesOf(files: readonly string[], cwd: string): { subject: string; verb: 'has' | 'have' } {
  const [only, ...others] = files.map((file) => seenFrom(cwd, file));
  if (others.length > 0) return { subject: 'The Compose files', verb: 'have' };
  return { subject: only ?? 'The Compose file', verb: 'has' };
}

/** One problem or warning on one line: place and message. */
export function problemLine({ file, line, column, path, message }: Problem, cwd: string): string {
  const position = [file === undefined ? undefined : seenFrom(cwd, file), line, column];
  const where = position.filter((part) => part !== undefined).join(':');
  const place = [where, path].filter((part) => part !== '').join(' ');
  return place === '' ? message : `${place}: ${message}`;
}

/** A path inside the current directory is shown relative to it. */
function seenFrom(cwd: string, file: string): string {
  const near = relative(cwd, file);
  return near.startsWith('../../') || near === '' ? file : near;
}
