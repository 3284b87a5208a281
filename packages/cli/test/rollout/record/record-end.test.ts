import { expect, it } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { ContainerDetails } from '../../../src/model/container.ts';
import { LABEL } from '../../../src/model/names.ts';
import type { ContainerRecord } from '../../../src/model/release.ts';
import { recordEnd } from '../../../src/rollout/record/record-end.ts';

const LABELS = { [LABEL.service]: 'db', [LABEL.index]: '1', [LABEL.release]: 'r5' };
const KNOWN: ContainerRecord = {
  id: 'a1',
  name: 'p-db-1-r5',
  replica: { service: 'db', index: 1 },
  release: 'r5',
  image: 'db:1',
  startedAtMs: 50,
};

async function recorded(known: ContainerRecord | undefined, details: Partial<ContainerDetails>) {
  const records: ContainerRecord[] = [];
  const ledger = {
    readContainer: async () => known,
    recordContainer: async (record: ContainerRecord) => void records.push(record),
  } as unknown as Ledger;
  const container = { id: 'a1', name: 'p-db-1-r5', image: 'db:1', labels: LABELS, ...details } as ContainerDetails;
  await recordEnd(ledger, [container, container], 300);
  return records;
}

it('keeps the first start of a container that has started again, so that it keeps its place in the history', async () => {
  const [record] = await recorded(KNOWN, { startedAtMs: 250, finishedAtMs: 290, exitCode: 0 });
  expect(record).toEqual({ ...KNOWN, endedAtMs: 290, exitCode: 0 });
});

it('writes a full record if it was lost', async () => {
  const [record] = await recorded(undefined, { startedAtMs: 250, finishedAtMs: 290 });
  expect(record).toEqual({ ...KNOWN, startedAtMs: 250, endedAtMs: 290 });
});

it('marks a container that never started, and records nothing of one that nobody knows', async () => {
  expect(await recorded(KNOWN, {})).toEqual([{ ...KNOWN, endedAtMs: 300, neverRan: true }]);
  expect(await recorded(undefined, {})).toEqual([]);
});
