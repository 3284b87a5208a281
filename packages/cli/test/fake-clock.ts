import type { Clock } from '../src/model/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets so many milliseconds pass, and all that waited for one of them happen in its time. */
  advance(ms: number): Promise<void>;
}

export function fakeClock(): FakeClock {
  const sleeping = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { untilMs: nowMs + ms, wake: resolve };
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', () => {
          sleeping.delete(sleeper);
          reject(signal.reason);
        });
        sleeping.add(sleeper);
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await quiet();
      for (;;) {
        const next = [...sleeping].toSorted((a, b) => a.untilMs - b.untilMs)[0];
        if (next === undefined || next.untilMs > endMs) break;
        sleeping.delete(next);
        nowMs = next.untilMs;
        next.wake();
        await quiet();
      }
      nowMs = endMs;
    },
  };
}

/** Until everything that needs no time has happened. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}
