/** What a timer of Node takes for so many milliseconds: a whole number, below 2^31. One that gets more fires at once. */
export const timerMs = (ms: number): number => Math.min(Math.ceil(ms), 2 ** 31 - 1);
