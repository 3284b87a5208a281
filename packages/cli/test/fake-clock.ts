import type { Clock } from '../src/model/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets so many milliseconds pass, and all that waited for one of them happen in its time. */
  advance(ms: number): Promise<void>;
  /** How many timers and sleepers wait. */
  waiting(): number;
}

export function fakeClock(): FakeClock {
  const timers = new Set<{ readonly atMs: number; readonly fire: () => void }>();
  let nowMs = 0;
  const after = (ms: number, fire: () => void): (() => void) => {
    const timer = { atMs: nowMs + ms, fire };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after,
    every(ms, callback) {
      let stop = after(ms, tick);
      function tick(): void {
        stop = after(ms, tick);
        callback();
      }
      return () => stop();
    },
    timeout(ms) {
      const controller = new AbortController();
      after(ms, () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')));
      return controller.signal;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = (): void => {
          stop();
          reject(signal?.reason);
        };
        const stop = after(ms, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await quiet();
      for (;;) {
        const next = [...timers].toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > endMs) break;
        timers.delete(next);
        nowMs = next.atMs;
        next.fire();
        await quiet();
      }
      nowMs = endMs;
    },
    waiting: () => timers.size,
  };
}

/** Until everything that needs no time has happened. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}
