import { expect, it } from 'vitest';
import type { ContainerRecord } from '../../../src/model/release.ts';
import { recordFound } from '../../../src/rollout/record/record-found.ts';
import { replicaOf, testService } from '../../plan/plan-fixtures.ts';

it('records the containers that a command started and did not record, and no others', async () => {
  const found = ['known', 'lost', 'created', 'older'].map((container) => ({
    ...replicaOf(testService(), 1, 'died', 'spec'),
    container,
    containerId: container,
    release: container === 'older' ? 'before' : 'died',
  }));
  const recorded: ContainerRecord[] = [];
  const context = {
    ledger: {
      readContainer: async (name: string) => (name === 'known' ? { name } : undefined),
      recordContainer: async (record: ContainerRecord) => void recorded.push(record),
    },
    engine: { inspectContainer: async (id: string) => (id === 'created' ? {} : { startedAtMs: 5 }) },
  };
  // The cast: nothing else of them is read.
  await recordFound(context as unknown as Parameters<typeof recordFound>[0], 'died', found);
  expect(recorded.map(({ id, startedAtMs }) => ({ id, startedAtMs }))).toEqual([{ id: 'lost', startedAtMs: 5 }]);
});
