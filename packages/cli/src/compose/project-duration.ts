/** Milliseconds by unit, as Go's `time.ParseDuration` has them, and days and weeks, as Compose adds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a duration such as `1m30s`; NaN for what is none. */
export function durationMs(text: string): number {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.NaN;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN), 0);
}

/** The same for what may be absent. */
export const durationMsOr = <T>(text: string | undefined, fallback: T): number | T =>
  text === undefined ? fallback : durationMs(text);
