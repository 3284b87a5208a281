import { mkdir, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { history } from '../../src/commands/history.ts';
import { ensureKeeper, findKeeper, LEDGER } from '../../src/ledger/keeper.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import type { NewFile } from '../../src/model/engine-file.ts';
import { ledgerVolumeName } from '../../src/model/names.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { commandContext } from './command-context.ts';
import { deploy, expectAll, namesOf, rowOf, rows } from './history-rows.ts';

const MANY = 2000;

describeEngine('the history', (engine) => {
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
    await engine.writeFiles(keeper.id, posix.join(LEDGER, 'pages/containers/000000'), [half]);
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
      // Older versions had no pages.
      const directory = at % 2 === 0 ? 'containers' : 'pages/containers/000000';
      return { kind: 'file', name: `${directory}/${name}.json`, content: JSON.stringify(old), mode: 0o600 };
    });
    await engine.writeFiles(keeper.id, LEDGER, files);
    expect(await rows(context)).toHaveLength(MANY + 1);
    const { containers } = await history(commandContext(context), 2);
    expect(containers.map(({ container }) => container).at(-1)).toBe(newest);
    expect(await deploy(context, { replicas: 1 })).toMatchObject({ outcome: 'unchanged' });
  });
});
