import { extname } from 'node:path';
import { ServiceError } from '@lobbie/api/service/service-error';

/** The most that file systems take. */
const MAX_BYTES = 255;

/**
 * Controls, line separators, marks that turn the direction of writing, what has no width (but for the two joiners, which
 * scripts and emoji need), and what invalid bytes are decoded to.
 */
const UNSEEN = /[\p{Cc}\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd]/u;

/**
 * A name as it is stored, in NFC, or why it cannot be one: it stays in the folder, is no hidden file, and is readable.
 * Throws a {@link ServiceError} of status 400.
 */
export function parseFileName(said: string): string {
  const name = said.normalize('NFC');
  const problem = problemOf(name);
  if (problem !== undefined) throw new ServiceError(400, problem);
  return name;
}

/** Whether a file in the folder has a name that {@link parseFileName} would give it; others can be put there by hand. */
export const isFileName = (name: string): boolean => name.normalize('NFC') === name && problemOf(name) === undefined;

/** A name that a file may be uploaded under: one of {@link parseFileName} whose last extension is allowed, in any case. */
export function parseUploadName(said: string, allowed: ReadonlySet<string>): string {
  // A dot at the beginning, and no other: to the file system all of it is a name.
  if (/^\.[^./\\]*$/.test(said)) throw lacksExtension(allowed);
  const name = parseFileName(said);
  const extension = extname(name).slice(1).toLowerCase();
  if (extension === '') throw lacksExtension(allowed);
  if (!allowed.has(extension)) {
    throw new ServiceError(400, `Files of the kind .${extension} are not allowed; allowed are ${listOf(allowed)}.`);
  }
  return name;
}

const lacksExtension = (allowed: ReadonlySet<string>): ServiceError =>
  new ServiceError(400, `The name has no extension; allowed are ${listOf(allowed)}.`);

/** `txt, rtf and pdf`. */
export function listOf(words: Iterable<string>): string {
  const all = [...words];
  return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter(Boolean).join(' and ');
}

function problemOf(name: string): string | undefined {
  if (name === '') return 'The file has no name.';
  if (/[/\\]/.test(name)) return 'The name must not hold a path.';
  if (name.startsWith('.')) return 'The name must not begin with a dot.';
  if (!name.isWellFormed() || UNSEEN.test(name)) return 'The name holds characters that cannot be seen.';
  if (Buffer.byteLength(name) > MAX_BYTES) return `The name is longer than ${MAX_BYTES} bytes.`;
  return undefined;
}
