import { type ErrorCode, LobbieError } from './model/errors.ts';
import type { Receipt, Result } from './model/results.ts';

/** The exit statuses of the command, in the order of the table in docs/troubleshooting.md. */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  invalidInput: 3,
  unreachable: 4,
  failedRestored: 5,
  failedNotRestored: 6,
  locked: 7,
  notAsDeployed: 8,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** The exit status for each outcome of a deploy. {@link OF_RECEIPT_ERROR} lists the exceptions. */
const OF_OUTCOME: Readonly<Record<Receipt['outcome'], ExitStatus>> = {
  deployed: EXIT.ok,
  unchanged: EXIT.ok,
  'failed-restored': EXIT.failedRestored,
  'failed-not-restored': EXIT.failedNotRestored,
  interrupted: EXIT.interrupted,
};

/** Errors in a receipt that change the exit status of its outcome. */
const OF_RECEIPT_ERROR: Readonly<Partial<Record<Receipt['outcome'], Partial<Record<string, ExitStatus>>>>> = {
  'failed-restored': { BUG: EXIT.bug },
  interrupted: { TERMINATED: EXIT.terminated },
};

/** The exit status for each error that ends a command without a receipt. */
const OF_ERROR: Readonly<Record<ErrorCode, ExitStatus>> = {
  BUG: EXIT.bug,
  USAGE: EXIT.usage,
  INVALID_INPUT: EXIT.invalidInput,
  OTHER_ORIGIN: EXIT.invalidInput,
  HISTORY_MOVED: EXIT.invalidInput,
  INGRESS_IMAGE_UNFIT: EXIT.invalidInput,
  ENGINE_UNREACHABLE: EXIT.unreachable,
  ENGINE_PERMISSION: EXIT.unreachable,
  ENGINE_TOO_OLD: EXIT.unreachable,
  ENGINE_UNSUPPORTED: EXIT.unreachable,
  NOT_AN_ENGINE: EXIT.unreachable,
  ENGINE_ERROR: EXIT.failedRestored,
  IMAGE_PULL_FAILED: EXIT.failedRestored,
  IMAGE_BUILD_FAILED: EXIT.failedRestored,
  IMAGE_LOAD_FAILED: EXIT.failedRestored,
  PORT_IN_USE: EXIT.failedRestored,
  NAME_TAKEN: EXIT.failedRestored,
  DISK_FULL: EXIT.failedRestored,
  HISTORY_OWNER: EXIT.failedRestored,
  HISTORY_CLASH: EXIT.failedRestored,
  GATE_FAILED: EXIT.failedRestored,
  TOO_MANY_ERRORS: EXIT.failedRestored,
  INGRESS_FAILED: EXIT.failedRestored,
  NOT_DEPLOYED: EXIT.failedRestored,
  LEFT_HALF_DONE: EXIT.failedNotRestored,
  LEASE_TAKEN: EXIT.locked,
  LEASE_LOST: EXIT.locked,
  INTERRUPTED: EXIT.interrupted,
  TERMINATED: EXIT.terminated,
};

/** The exit status of a command that ends with a result. */
export function exitStatusOf(result: Result): ExitStatus {
  if (result.type === 'status' && result.checked && !result.asDeployed) return EXIT.notAsDeployed;
  if (result.type !== 'receipt') return EXIT.ok;
  const { outcome, error } = result;
  return (error && OF_RECEIPT_ERROR[outcome]?.[error.code]) ?? OF_OUTCOME[outcome];
}

/** The exit status of a command that ends with an error. Anything but a LobbieError is a bug. */
export const exitStatusOfError = (error: unknown): ExitStatus =>
  error instanceof LobbieError ? OF_ERROR[error.code] : EXIT.bug;
