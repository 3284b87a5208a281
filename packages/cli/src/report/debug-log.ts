import type { Writable } from 'node:stream';
import type { HearCall } from '../model/engine-call.ts';
import { cleanText } from './clean-text.ts';
import { type CallTiming, waterfallLines } from './waterfall-lines.ts';

/** What `--debug` writes. */
export interface DebugLog {
  /** Writes a line for each call when it ends; for a stream, also when it opens. */
  readonly hear: HearCall;
  /** Writes the waterfall, once. */
  readonly close: () => void;
}

/** lobbie ends a stream in this way: no failure. */
const STOPPED = 'ABORT_ERR';

/**
 * Writes every call to the engine to `err`. Times count from the moment the log is created.
 *
 * @param now milliseconds since 1970
 * @param mask masks the secrets in a line
 */
export function createDebugLog({
  err,
  now,
  mask,
}: {
  err: Writable;
  now: () => number;
  mask: (text: string) => string;
}): DebugLog {
  const startMs = now();
  const calls: CallTiming[] = [];
  const elapsed = (): number => Math.max(0, now() - startMs);
  const write = (lines: readonly string[]): void =>
    void err.write(lines.map((line) => `debug  ${mask(line)}\n`).join(''));
  let isClosed = false;

  return {
    hear(method, path) {
      const call: CallTiming = { name: mask(nameOf(method, path)), startMs: elapsed(), outcome: 'waiting' };
      calls.push(call);
      let status: number | undefined;
      let isStream = false;
      const tell = (): void => {
        const duration = seconds((call.endMs ?? elapsed()) - call.startMs);
        const line = [seconds(call.startMs).padStart(10), duration.padStart(10), call.outcome.padEnd(9), call.name];
        if (!isClosed) write([line.join('  ')]);
      };
      return {
        answered(answered, stays) {
          status = answered;
          isStream = stays;
          call.outcome = isStream ? `${status} open` : `${status}`;
          if (isStream) tell();
        },
        ended(failure) {
          call.endMs = elapsed();
          call.outcome = [status, isStream ? 'ended' : undefined, isStream && failure === STOPPED ? undefined : failure]
            .filter((word) => word !== undefined)
            .map((word) => cleanText(`${word}`))
            .join(' ');
          tell();
        },
      };
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      write(waterfallLines(calls, elapsed()));
    },
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

/** Ids are shortened as `docker ps` does. */
const nameOf = (method: string, path: string): string =>
  cleanText(`${method} ${path.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1')}`);
