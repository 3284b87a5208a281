import { expect, it } from 'vitest';
import { expectedPauseMs } from '../../src/plan/expected-pause.ts';

it('is the longest of the last pauses, also if the ledger has only one', () => {
  expect(expectedPauseMs('db', { pausesMs: { db: [1900, 7300, 2000] }, readyMs: { db: 100 } })).toBe(7300);
  expect(expectedPauseMs('db', { pausesMs: { db: 3140 } })).toBe(3140);
});

it('is the start time of the containers if no pause was measured, and a guess before that', () => {
  expect(expectedPauseMs('db', { pausesMs: { web: [1] }, readyMs: { db: 6800 } })).toBe(7300);
  expect(expectedPauseMs('db', {})).toBe(2000);
  expect(expectedPauseMs('db', undefined)).toBe(2000);
});
