import { StartError } from '../service/start-error.ts';

/** A directory cannot be used. The message is one sentence that says which and why. */
export class DirectoryError extends StartError {
  override readonly name = 'DirectoryError';
}

/** Says in one sentence why a directory cannot be used. Returns errors that are not from the file system unchanged. */
export function explain(variable: string, directory: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const reason = code === undefined ? undefined : (REASONS.get(code) ?? `cannot be used (${code})`);
  return reason === undefined ? error : new DirectoryError(`${variable}: ${directory} ${reason}.`, { cause: error });
}

const REASONS = new Map([
  ['ENOSPC', 'is full'],
  ['EDQUOT', 'is full: its quota is used up'],
  ['EROFS', 'is read-only'],
  ['ENOENT', 'is missing; mount or create the directory'],
  ['ENOTDIR', 'is not a directory'],
  ['EACCES', 'is not writable for this user; give the directory to the user that the container runs as'],
  ['EPERM', 'does not let this user create files, or does not support hard links'],
]);
