/** Milliseconds that a timer of Node accepts: a whole number below 2^31. A timer with a larger number fires at once. */
export const timerMs = (ms: number): number => Math.min(Math.ceil(ms), 2 ** 31 - 1);
