import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LoadResult } from '../load.ts';
import type { TestContext } from './test-context.ts';

/** Every request was answered, and no POST was executed twice or without being sent. */
export async function expectNothingLost(
  { history }: Pick<TestContext, 'history'>,
  { total, failed, failures, posts }: LoadResult,
): Promise<void> {
  expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
  expect(total).toBeGreaterThan(100);
  const executed = (await readFile(join(history, 'posts'), 'utf8')).trim().split('\n');
  expect(executed.toSorted()).toEqual([...posts.sent].toSorted());
}
