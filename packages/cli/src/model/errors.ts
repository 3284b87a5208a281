/** Exit statuses of the command. The README has the table. */
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

/** The code of every error that users can see, with its exit status unless an undo decides otherwise. */
const EXIT_OF = {
  BUG: EXIT.bug,
  USAGE: EXIT.usage,
  INVALID_INPUT: EXIT.invalidInput,
  OTHER_ORIGIN: EXIT.invalidInput,
  HISTORY_MOVED: EXIT.invalidInput,
  ENGINE_UNREACHABLE: EXIT.unreachable,
  ENGINE_PERMISSION: EXIT.unreachable,
  ENGINE_TOO_OLD: EXIT.unreachable,
  ENGINE_UNSUPPORTED: EXIT.unreachable,
  NOT_AN_ENGINE: EXIT.unreachable,
  ENGINE_ERROR: EXIT.failedRestored,
  IMAGE_PULL_FAILED: EXIT.failedRestored,
  IMAGE_BUILD_FAILED: EXIT.failedRestored,
  IMAGE_LOAD_FAILED: EXIT.failedRestored,
  INGRESS_IMAGE_UNFIT: EXIT.invalidInput,
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
} as const satisfies Record<string, ExitStatus>;

export type ErrorCode = keyof typeof EXIT_OF;

/** The only error class: what failed, on what, with the value, and the next command to type. */
export class LobbieError extends Error {
  override readonly name = 'LobbieError';
  readonly code: ErrorCode;
  /** What to do next, one or several lines; shown below the message. */
  readonly hint: string | undefined;
  /** Facts shown between message and hint, such as the last log lines. */
  readonly details: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }

  get exitStatus(): ExitStatus {
    return EXIT_OF[this.code];
  }
}
