import ms, { type StringValue } from 'ms';
import { LobbieError } from '../model/errors.ts';

/**
 * A point in time: a time ago (`10m`, `2h`, `1d`) or an ISO 8601 date.
 *
 * @param nowMs milliseconds since 1970
 * @returns milliseconds since 1970
 * @throws LobbieError `USAGE`
 */
export function parseSince(text: string, nowMs: number): number {
  // ms returns NaN or undefined for anything else. It reads a bare number as milliseconds, which nobody means.
  const ago = /[a-z]$/i.test(text) ? ms(text as StringValue) : Number.NaN;
  // Date.parse alone reads "10" as October 2001.
  const time = Number.isFinite(ago) ? nowMs - ago : /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new LobbieError(
    'USAGE',
    `Expected a duration such as 10m or a time such as 2026-01-31T12:00:00Z, got "${text}".`,
  );
}
