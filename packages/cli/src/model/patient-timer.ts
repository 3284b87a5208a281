/**
 * Calls back after a number of milliseconds, once everything that arrived in the meantime is handled. On a busy
 * machine,
 * a plain timer could fire before an answer that arrived in time is read.
 *
 * @returns a function that stops the timer
 */
export function patientTimer(ms: number, callback: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(callback);
  }, ms);
  return () => {
    clearTimeout(timer);
    if (immediate !== undefined) clearImmediate(immediate);
  };
}
