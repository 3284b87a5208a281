import { expect } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { TestContext } from './test-context.ts';

/** Resolves once replicas of the project have printed this line so many times. */
export const printedIn = ({ engine, project }: TestContext, line: string, times = 1): Promise<unknown> =>
  expect
    .poll(async () => {
      let count = 0;
      for (const { id } of await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' }))
        for await (const { text } of engine.logs(id, {})) if (text === line) count += 1;
      return count;
    })
    .toBeGreaterThanOrEqual(times);
