import { ServiceError } from '@lobbie/api/service/service-error';

/** The code of a file system error, such as `EEXIST`. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** The answer to a file system error: 507 if the disk or a quota is full, otherwise 503. */
export function toDiskError(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  return FULL.has(codeOf(error) ?? '')
    ? new ServiceError(507, 'There is no room left for this file.')
    : new ServiceError(503, 'The folder of the files cannot be used now.', { cause: error });
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);
