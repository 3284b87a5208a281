/**
 * Calls back after so many milliseconds, and after what has arrived meanwhile was handled: where the process had to wait
 * for its turn on a busy machine, a timer alone would come before the answer that was in time.
 *
 * @returns stops the timer
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
