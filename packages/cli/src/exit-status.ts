import { EXIT, type ExitStatus, LobbieError } from './model/errors.ts';
import type { Result } from './model/results.ts';

/** The exit status of a result. If nothing was left half done, the error in a receipt decides. */
export function exitStatusOf(result: Result): ExitStatus {
  if (result.type === 'status') return result.checked && !result.asDeployed ? EXIT.notAsDeployed : EXIT.ok;
  if (result.type !== 'receipt') return EXIT.ok;
  switch (result.outcome) {
    case 'deployed':
    case 'unchanged':
      return EXIT.ok;
    case 'failed-not-restored':
      return EXIT.failedNotRestored;
    case 'interrupted':
      return result.error?.code === 'TERMINATED' ? EXIT.terminated : EXIT.interrupted;
    case 'failed-restored':
      return result.error?.code === 'BUG' ? EXIT.bug : EXIT.failedRestored;
    default:
      return result satisfies never;
  }
}

/** The exit status of an error that ended a command. Anything but a LobbieError is a bug. */
export const exitStatusOfError = (error: unknown): ExitStatus =>
  error instanceof LobbieError ? error.exitStatus : EXIT.bug;
