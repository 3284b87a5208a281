import { describe, expect, it } from 'vitest';
import { parseSince } from '../../src/commands/parse-since.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

describe('parseSince', () => {
  it.each([
    ['10m', NOW - 600_000],
    ['2h', NOW - 7_200_000],
    ['1d', NOW - 86_400_000],
    ['90s', NOW - 90_000],
    ['2026-01-31T11:00:00Z', NOW - 3_600_000],
    ['2026-01-31', Date.UTC(2026, 0, 31)],
  ])('understands %s', (text, expected) => expect(parseSince(text, NOW)).toBe(expected));

  it.each(['', 'soon', '10', '10 parsecs', '-', 'm'])('refuses "%s", and says what it expects', (text) => {
    expect(() => parseSince(text, NOW)).toThrow(/Expected a duration such as 10m or a time such as 2026-/);
  });
});
