import { expect, it } from 'vitest';
import { drainTimes } from '../../src/ingress/drain-times.ts';

it.each([
  // While others serve: the drain timeout.
  [30_000, 30_000, false, { requestsMs: 30_000, bytesMs: 30_000 }],
  // The last one: what waits for its successor has to be served before the hold timeout.
  [30_000, 30_000, true, { requestsMs: 20_000, bytesMs: 3000 }],
  [10_000, 30_000, true, { requestsMs: 10_000, bytesMs: 3000 }],
  [1000, 30_000, true, { requestsMs: 1000, bytesMs: 1000 }],
  [30_000, 60_000, true, { requestsMs: 30_000, bytesMs: 6000 }],
  // Longer than requests wait: the file says so.
  [300_000, 30_000, true, { requestsMs: 300_000, bytesMs: 3000 }],
  [0, 30_000, true, { requestsMs: 0, bytesMs: 0 }],
])('a drain timeout of %i ms beside a hold timeout of %i ms, alone: %s', (drain, hold, isAlone, times) => {
  expect(drainTimes(drain, hold, isAlone)).toEqual(times);
});
