import { expect, it } from 'vitest';
import { batchSize } from '../../src/plan/batches.ts';
import { testUpdate } from './plan-fixtures.ts';

it.each([
  [undefined, 'start-first', 0],
  [undefined, 'stop-first', 1],
  [3, 'start-first', 3],
  [0, 'stop-first', 0],
] as const)('changes as many replicas at a time as is safe: %s, %s', (parallelism, order, size) => {
  const { parallelism: _, ...unsaid } = testUpdate();
  expect(batchSize(parallelism === undefined ? unsaid : { ...unsaid, parallelism }, order)).toBe(size);
});
