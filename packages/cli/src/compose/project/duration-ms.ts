import { parseDuration } from '../parse/parse-duration.ts';

const NANOSECONDS = 1e6;

/** Whole milliseconds of a duration such as `1m30s`, the nearest; NaN for what is none. */
export function durationMs(text: string): number {
  const nanoseconds = parseDuration(text);
  return nanoseconds === undefined ? Number.NaN : Math.round(Number(nanoseconds) / NANOSECONDS);
}

/** The same for what may be absent. */
export const durationMsOr = <T>(text: string | undefined, fallback: T): number | T =>
  text === undefined ? fallback : durationMs(text);
