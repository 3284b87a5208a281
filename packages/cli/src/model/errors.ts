import type { ErrorFacts } from './error-facts.ts';

/** Every kind of error that a user can see. `exit-status.ts` gives each its exit status. */
export type ErrorCode =
  /** A defect in lobbie itself. */
  | 'BUG'
  /** The command line is wrong. */
  | 'USAGE'
  | 'INVALID_INPUT'
  /** The project was last deployed from another directory or machine. */
  | 'OTHER_ORIGIN'
  /** The files name another directory for the history. */
  | 'HISTORY_MOVED'
  | 'ENGINE_UNREACHABLE'
  | 'ENGINE_PERMISSION'
  | 'ENGINE_TOO_OLD'
  /** An engine that lobbie does not support, such as Podman. */
  | 'ENGINE_UNSUPPORTED'
  /** Something answers at the address, and it is not a Docker Engine. */
  | 'NOT_AN_ENGINE'
  /** The engine refused a request, and no other code fits. */
  | 'ENGINE_ERROR'
  | 'IMAGE_PULL_FAILED'
  | 'IMAGE_BUILD_FAILED'
  | 'IMAGE_LOAD_FAILED'
  /** The image for the ingresses lacks what an ingress needs. */
  | 'INGRESS_IMAGE_UNFIT'
  | 'PORT_IN_USE'
  | 'NAME_TAKEN'
  | 'DISK_FULL'
  /** The history's directory belongs to another user. */
  | 'HISTORY_OWNER'
  /** Both directories have a history when it moves. */
  | 'HISTORY_CLASH'
  /** A replica did not become healthy, or a job failed. */
  | 'GATE_FAILED'
  /** Too many requests failed after the switch. */
  | 'TOO_MANY_ERRORS'
  | 'INGRESS_FAILED'
  | 'NOT_DEPLOYED'
  /** A second signal ended the command in the middle of a change. */
  | 'LEFT_HALF_DONE'
  /** Another command holds the lease. */
  | 'LEASE_TAKEN'
  | 'LEASE_LOST'
  /** Ended by Ctrl-C. */
  | 'INTERRUPTED'
  /** Ended by SIGTERM or SIGHUP. */
  | 'TERMINATED';

/** The only error class: what failed, on what, with the value, and the next command to type. */
export class LobbieError extends Error {
  override readonly name = 'LobbieError';
  readonly code: ErrorCode;
  /** What to do next, one or several lines; shown below the message. */
  readonly hint: string | undefined;
  /** Facts shown between message and hint, such as the last log lines. */
  readonly details: readonly string[];
  /** Facts for code to decide by. The texts are for people. */
  readonly facts: ErrorFacts;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: readonly string[]; facts?: ErrorFacts; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.facts = options.facts ?? {};
  }
}

/** The same error with other texts. Its code, facts and cause stay, as do texts that are not given. */
export function reworded(
  { code, message, hint, details, facts, cause }: LobbieError,
  words: { message?: string; hint?: string | undefined; details?: readonly string[]; facts?: ErrorFacts },
): LobbieError {
  const said = words.hint ?? hint;
  return new LobbieError(code, words.message ?? message, {
    details: words.details ?? details,
    facts: words.facts ?? facts,
    cause,
    ...(said !== undefined && { hint: said }),
  });
}
