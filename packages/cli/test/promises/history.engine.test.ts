import { mkdir, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { history } from '../../src/commands/history.ts';
import { ensureKeeper, findKeeper, LEDGER } from '../../src/ledger/keeper.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import type { NewFile } from '../../src/model/engine-file.ts';
import { LABEL, ledgerVolumeName } from '../../src/model/names.ts';
import type { HistoryContainer, Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { killContainer } from '../engine/past-lobbie.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import type { TestProjectOptions } from '../rollout/test-project.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';
import { runChild } from './run-child.ts';

const MANY = 2000;

describeEngine('the history', (engine) => {
  it('has every container that ever ran, however it died', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const ran: string[] = [];
    const add = (receipt: Receipt): Receipt => {
      ran.push(...receipt.replicas.map(({ container }) => container));
      return receipt;
    };

    const [first, second] = namesOf(add(await deploy(context, { port, version: '1' })));
    await killContainer(engine, first);
    await engine.removeContainer(second, { force: true });
    add(await deploy(context, { port, version: '1' }));
    expect(await rowOf(context, first)).toMatchObject({ running: false, ended: expect.any(String) });
    expect(await rowOf(context, second)).toMatchObject({ running: false, release: expect.any(String) });

    // One that never passes its gate ran all the same.
    const failed = await deploy(context, { port, version: '2', fail: 'exit' });
    expect(failed.outcome).toBe('failed-restored');
    const names = (await rows(context)).map(({ container }) => container);
    expect(names.filter((name) => name.endsWith(failed.release))).not.toEqual([]);

    const killed = { command: 'deploy', name: context.project, history: context.history, port, at: 14 } as const;
    expect(await runChild({ ...killed, version: '3' })).toBeUndefined();
    ran.push(...(await running(context)));
    add(await deploy(context, { port, version: '3' }));

    // Whoever prunes stopped containers takes the keeper too: it is made again.
    await engine.removeContainer((await findKeeper(engine, context.project))?.id ?? '');
    await expectAll(context, ran);
    await engine.removeContainer((await findKeeper(engine, context.project))?.id ?? '');
    expect(await deploy(context, { port, version: '3' })).toMatchObject({ outcome: 'unchanged' });
    add(await deploy(context, { port, version: '4' }));
    await expectAll(context, ran);

    await takeDown(context, context.project, { removeHistory: false });
    await expectAll(context, ran);
    expect((await rows(context)).filter((row) => row.running || row.ended === null)).toEqual([
      expect.objectContaining({ container: second }),
    ]);
    // Reading it leaves nothing behind.
    expect(await engine.listContainers({ [LABEL.project]: context.project, [LABEL.role]: 'keeper' })).toEqual([]);
    add(await deploy(context, { port, version: '5' }));
    await expectAll(context, ran);
    const started = (await rows(context)).map((row) => row.started ?? '');
    expect(started).toEqual(started.toSorted());
  });

  it('goes on when the keeper is pruned in mid-deploy', async () => {
    await using context = testContext(engine);
    await deploy(context, {});
    const pruning: TestContext = {
      ...context,
      report: (event) => {
        if (event.type !== 'step-started' || event.step.kind !== 'start-replica') return;
        void findKeeper(engine, context.project).then((keeper) => keeper && engine.removeContainer(keeper.id));
      },
    };
    const receipt = await deploy(pruning, { version: '2' });
    expect(receipt.error).toBeUndefined();
    expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
    await expectAll(context, namesOf(receipt));
  });

  it('tells what a torn record still says, and lives without the ledger', async () => {
    await using context = testContext(engine);
    const receipt = await deploy(context, {});
    const [torn, whole] = namesOf(receipt);
    await takeDown(context, context.project, { removeHistory: false });
    const keeper = await ensureKeeper(engine, context.project, context.history);
    const half: NewFile = { kind: 'file', name: `${torn}.json`, content: '{"id":"0f', mode: 0o600 };
    await engine.writeFiles(keeper.id, posix.join(LEDGER, 'containers'), [half]);
    expect(await rowOf(context, torn)).toMatchObject({ service: 'api', replica: 'api-1', release: receipt.release });
    await expectAll(context, [torn, whole]);

    // The directory alone still lists what the containers wrote of themselves.
    const entry = JSON.stringify({
      container: 'a'.repeat(64),
      host: 'aaaaaaaaaaaa',
      madeAt: '2026-01-01T00:00:00.000Z',
    });
    await mkdir(context.history, { recursive: true });
    await writeFile(posix.join(context.history, 'include-me-abc123.txt'), entry);
    await engine.removeContainer(keeper.id);
    await engine.removeVolume(ledgerVolumeName(context.project));
    expect(await rows(context)).toMatchObject([{ file: 'include-me-abc123.txt', started: '2026-01-01T00:00:00.000Z' }]);
    expect(await engine.inspectVolume(ledgerVolumeName(context.project))).toBeUndefined();
  });

  it('records what runs again when the ledger was lost under it', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const before = namesOf(await deploy(context, { port }));
    await engine.removeContainer((await findKeeper(engine, context.project))?.id ?? '');
    await engine.removeVolume(ledgerVolumeName(context.project));
    const after = await deploy(context, { port });
    expect(after.outcome).toBe('deployed');
    await expectAll(context, [...before, ...namesOf(after)]);
  });

  it(`is quick with ${MANY} entries`, async () => {
    await using context = testContext(engine);
    const receipt = await deploy(context, { replicas: 1 });
    const keeper = await findKeeper(engine, context.project);
    if (keeper === undefined) throw new Error('a deployed project has a keeper');
    const ledger = await openLedger(engine, keeper);
    const [newest] = namesOf(receipt);
    const record = await ledger.readContainer(newest);
    if (record === undefined) throw new Error('a container that runs has a record');
    const files = Array.from({ length: MANY }, (_, at): NewFile => {
      const name = `${context.project}-api-1-${at.toString(36).padStart(6, '0')}`;
      const old = { ...record, id: at.toString(16).padStart(64, '0'), name, startedAtMs: at, endedAtMs: at + 1 };
      return { kind: 'file', name: `containers/${name}.json`, content: JSON.stringify(old), mode: 0o600 };
    });
    await engine.writeFiles(keeper.id, LEDGER, files);
    expect(await rows(context)).toHaveLength(MANY + 1);
    const { containers } = await history(commandContext(context), 2);
    expect(containers.map(({ container }) => container).at(-1)).toBe(newest);
    expect(await deploy(context, { replicas: 1 })).toMatchObject({ outcome: 'unchanged' });
  });
});

type Wanted = Pick<TestProjectOptions, 'version' | 'port' | 'fail' | 'replicas'>;

const deploy = (context: TestContext, wanted: Wanted): Promise<Receipt> =>
  rollOut(context, {
    project: lightProject({ name: context.project, history: context.history, ...wanted }),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
  });

const namesOf = ({ replicas }: Receipt): [string, string] => [
  replicas[0]?.container ?? '',
  replicas[1]?.container ?? '',
];

const rows = async (context: TestContext): Promise<readonly HistoryContainer[]> =>
  (await history(commandContext(context), undefined)).containers;

const rowOf = async (context: TestContext, name: string): Promise<HistoryContainer | undefined> =>
  (await rows(context)).find(({ container }) => container === name);

async function expectAll(context: TestContext, ran: readonly string[]): Promise<void> {
  const names = (await rows(context)).map(({ container }) => container);
  expect(names).toEqual(expect.arrayContaining([...ran]));
  expect(new Set(names).size).toBe(names.length);
}

async function running({ engine, project }: TestContext): Promise<string[]> {
  const replicas = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });
  return replicas.filter(({ state }) => state === 'running').map(({ name }) => name);
}
