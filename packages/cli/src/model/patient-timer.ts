import type { Clock } from './clock.ts';

/**
 * Calls back after this time, once everything that has arrived meanwhile is handled. If the process had to wait for its
 * turn on a busy machine, a timer alone would fire before an answer that came in time.
 *
 * @returns a function that stops the timer
 */
export function patientTimer(clock: Pick<Clock, 'after'>, ms: number, callback: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const stop = clock.after(ms, () => {
    immediate = setImmediate(callback);
  });
  return () => {
    stop();
    if (immediate !== undefined) clearImmediate(immediate);
  };
}
