import { parseDuration } from './parse-duration.ts';

const NANOSECONDS = 1e6;

/** A duration such as `1m30s` in milliseconds, rounded; NaN if it is not a duration. */
export function durationMs(text: string): number {
  const nanoseconds = parseDuration(text);
  return nanoseconds === undefined ? Number.NaN : Math.round(Number(nanoseconds) / NANOSECONDS);
}

/** The same for an optional duration. */
export const durationMsOr = <T>(text: string | undefined, fallback: T): number | T =>
  text === undefined ? fallback : durationMs(text);
