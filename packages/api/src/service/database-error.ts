import { ServiceError } from './service-error.ts';

/**
 * The error for a client if the database fails: 507 if it is full, 503 if it cannot answer now. Errors of the query
 * itself (a violated constraint, a wrong type) are returned unchanged. The original error is the cause.
 */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof ServiceError || !(error instanceof Error)) return error;
  const state = sqlStateOf(error);
  // An error that is not an answer of the server comes from the connection: refused, reset, closed, or silent for too
  // long.
  if (state === undefined) return new ServiceError(503, 'The database cannot be reached.', { cause: error });
  if (FULL.has(state)) return new ServiceError(507, 'There is no room left.', { cause: error });
  if (SLOW.has(state)) return new ServiceError(503, 'The database took too long.', { cause: error });
  const passes = UNAVAILABLE.has(state) || UNAVAILABLE.has(state.slice(0, 2));
  return passes ? new ServiceError(503, 'The database cannot answer now.', { cause: error }) : error;
}

/** The SQLSTATE of an error that PostgreSQL sent (five characters; appendix A of its manual), else undefined. */
export function sqlStateOf(error: Error): string | undefined {
  // `severity` distinguishes it from the system's EPIPE, which also has five letters.
  return 'severity' in error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** disk_full, and a sequence at its end. */
const FULL = new Set(['53100', '2200H']);

/** query_canceled (statement_timeout) and lock_not_available. */
const SLOW = new Set(['57014', '55P03']);

/** Classes of errors, and single ones: the server starts, stops, is read-only, or does not have a table yet. */
const UNAVAILABLE = new Set(['08', '25', '28', '3D', '40', '53', '55', '57', '58', 'F0', 'XX', '42P01', '42703']);
