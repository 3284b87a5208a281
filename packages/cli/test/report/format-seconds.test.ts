import { expect, test } from 'vitest';
import { formatSeconds, formatUptime } from '../../src/report/format-seconds.ts';

test.each([
  [0, '0.0 s'],
  [0.06, '0.1 s'],
  [-1, '0.0 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 0 s'],
  [184.4, '3 min 4 s'],
  [7500, '2 h 5 min'],
  [273_600, '3 d 4 h'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('writes times that passed without fractions', () => {
  expect([0.4, 42.4, 59.6].map(formatUptime)).toEqual(['0 s', '42 s', '1 min 0 s']);
});
