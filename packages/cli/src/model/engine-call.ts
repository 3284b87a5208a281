/** One call of the Engine API that has started. */
export interface OpenCall {
  /** The engine has answered: the headers are here. `isStream`: it goes on, such as an exec or events. */
  readonly answered: (status: number, isStream: boolean) => void;
  /** The answer has ended, or there is none because of this failure, such as `ECONNREFUSED`. */
  readonly ended: (failure?: string) => void;
}

/**
 * Called for each call of the Engine API as it starts, for `--debug`.
 *
 * @param path with version and query; values of the query that could be secret are masked
 */
export type HearCall = (method: string, path: string) => OpenCall;
