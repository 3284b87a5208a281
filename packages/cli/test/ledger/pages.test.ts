import { beforeEach, describe, expect, it } from 'vitest';
import { readContainerRecords } from '../../src/ledger/container-records.ts';
import { ensureKeeper, type Keeper } from '../../src/ledger/keeper.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { ContainerRecord, Release } from '../../src/model/release.ts';
import { type ScriptedEngine, scriptedEngine } from '../rollout/scripted-engine.ts';

const project = { name: 'p', services: [], networks: [], volumes: [], inactive: [] };
const release = (number: number): Release => ({
  id: `r${number}`,
  number,
  command: 'deploy',
  startedAtMs: number,
  project,
  images: {},
});
const record = (number: number): ContainerRecord => ({
  id: String(number),
  name: `p-api-1-r${number}`,
  replica: { service: 'api', index: 1 },
  release: `r${number}`,
  image: 'app:1',
  startedAtMs: number,
});
const numbersOf = (records: readonly ContainerRecord[]): number[] =>
  records.map(({ startedAtMs }) => startedAtMs).toSorted((a, b) => a - b);

describe('the pages of the ledger', () => {
  let engine: ScriptedEngine;
  let keeper: Keeper;
  let ledger: Ledger;
  beforeEach(async () => {
    engine = scriptedEngine();
    keeper = await ensureKeeper(engine, 'p', undefined);
    ledger = await openLedger(engine, keeper);
  });

  const deploy = async (number: number): Promise<void> => {
    await ledger.write({ running: release(number), releases: number });
    await ledger.recordContainer(record(number));
    await ledger.updateContainer(record(number).name, { endedAtMs: number + 1 });
    await ledger.write({ current: release(number), running: null }, release(number));
  };
  const readOf = (calls: readonly string[]): string[] => calls.filter((call) => call.startsWith('read '));
  const paths = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { kind, name } of engine.readFiles(keeper.id, '/ledger/pages', { mostBytes: 0 }))
      if (kind === 'file') found.push(name);
    return found.toSorted();
  };

  it('keep the records of a release and of its containers together', async () => {
    for (const number of [1, 99, 100, 250]) await deploy(number);
    expect(await paths()).toEqual([
      'containers/000000/p-api-1-r1.json',
      'containers/000000/p-api-1-r99.json',
      'containers/000001/p-api-1-r100.json',
      'containers/000002/p-api-1-r250.json',
      'releases/000000/r1.json',
      'releases/000000/r99.json',
      'releases/000001/r100.json',
      'releases/000002/r250.json',
    ]);
  });

  it('are read from the latest on, until there are enough', async () => {
    for (const number of [1, 100, 101, 250]) await deploy(number);
    const called = engine.calls.length;
    expect(numbersOf(await readContainerRecords(engine, keeper, ledger.state, 2))).toEqual([100, 101, 250]);
    expect(readOf(engine.calls.slice(called))).toEqual([
      'read /ledger/pages/containers/000002',
      'read /ledger/pages/containers/000001',
    ]);
    expect(numbersOf(await readContainerRecords(engine, keeper, ledger.state))).toEqual([1, 100, 101, 250]);
  });

  it('are read after a restart of the command, which ends a container on the page where it began', async () => {
    await ledger.write({ running: release(99), releases: 99 });
    await ledger.recordContainer(record(99));
    await ledger.write({ current: release(99), running: null }, release(99));
    const next = await openLedger(engine, keeper);
    await next.write({ running: release(100), releases: 100 });
    expect(await next.readContainer('p-api-1-r99')).toMatchObject({ id: '99' });
    await next.recordContainer({ ...record(99), ...(await next.readContainer('p-api-1-r99')), endedAtMs: 5 });
    await next.write({ current: release(100), running: null }, release(100));
    expect(await readContainerRecords(engine, keeper, next.state)).toMatchObject([{ id: '99', endedAtMs: 5 }]);
    expect((await paths()).filter((path) => path.startsWith('containers/'))).toEqual([
      'containers/000000/p-api-1-r99.json',
    ]);
  });

  it('find what a killed command has written, and what an older version has written without pages', async () => {
    await ledger.write({ running: release(100), releases: 100 });
    await ledger.recordContainer(record(100));
    const old = { kind: 'file', name: 'containers/p-api-1-r3.json', content: JSON.stringify(record(3)) } as const;
    await engine.writeFiles(keeper.id, '/ledger', [{ kind: 'directory', name: 'containers' }, old]);
    const next = await openLedger(engine, keeper);
    expect(next.state.containers).toEqual({});
    expect(await next.readContainer('p-api-1-r100')).toMatchObject({ id: '100', page: 1 });
    expect(await next.readContainer('p-api-1-r3')).toMatchObject({ id: '3' });
    expect(await next.readContainer('p-api-1-r4')).toBeUndefined();
    await next.recordContainer({ ...record(3), neverRan: true });
    expect(numbersOf(await readContainerRecords(engine, keeper, next.state))).toEqual([100]);
  });
});
