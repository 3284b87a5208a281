import type { Clock } from '../model/clock.ts';

/** Looks at something repeatedly while anyone waits for it. All waiters share each look. */
export interface Watch<T> {
  /** True once `test` held in `times` looks in a row (default 1); false if the time runs out; rejects on abort. */
  until(test: (seen: T) => boolean, limits: WatchLimits): Promise<boolean>;
}

export interface WatchLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly times?: number;
}

interface Waiter<T> {
  see(seen: T): void;
  fail(error: unknown): void;
}

/** Looks every `intervalMs`, counted from the end of the last look. If a look fails, all waiters fail. */
export const createWatch = <T>(clock: Clock, look: () => Promise<T>, intervalMs: number): Watch<T> => {
  const waiting = new Set<Waiter<T>>();
  let looking = false;

  const keepLooking = async (): Promise<void> => {
    looking = true;
    while (waiting.size > 0) {
      try {
        const seen = await look();
        for (const waiter of [...waiting]) waiter.see(seen);
      } catch (error) {
        for (const waiter of [...waiting]) waiter.fail(error);
      }
      if (waiting.size > 0) await clock.sleep(intervalMs);
    }
    looking = false;
  };

  const until = (test: (seen: T) => boolean, { timeoutMs, signal, times = 1 }: WatchLimits): Promise<boolean> =>
    new Promise((resolve, reject) => {
      let held = 0;
      const settle = (end: () => void): void => {
        stop();
        signal?.removeEventListener('abort', abort);
        waiting.delete(waiter);
        end();
      };
      const abort = (): void => settle(() => reject(signal?.reason));
      const waiter: Waiter<T> = {
        see: (seen) => {
          held = test(seen) ? held + 1 : 0;
          if (held >= times) settle(() => resolve(true));
        },
        fail: (error) => settle(() => reject(error)),
      };
      const stop = clock.after(timeoutMs, () => settle(() => resolve(false)));
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort);
      waiting.add(waiter);
      if (!looking) void keepLooking();
    });
  return { until };
};
