import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './model/clock.ts';
import { timerMs } from './model/timer-ms.ts';

/** The clock and the timers of this machine. */
export const realClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    do {
      const part = timerMs(left);
      await sleep(part, undefined, signal === undefined ? {} : { signal });
      left -= part;
    } while (left > 0);
  },
  after(ms, callback) {
    const timer = setTimeout(callback, timerMs(ms));
    return () => clearTimeout(timer);
  },
  every(ms, callback) {
    const timer = setInterval(callback, timerMs(ms));
    timer.unref();
    return () => clearInterval(timer);
  },
  timeout: (ms) => AbortSignal.timeout(timerMs(ms)),
};
