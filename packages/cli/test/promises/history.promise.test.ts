import { expect, it } from 'vitest';
import { findKeeper } from '../../src/ledger/keeper.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { killContainer } from '../engine/past-lobbie.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { deploy, expectAll, namesOf, rowOf, rows } from './history-rows.ts';
import { runChild } from './run-child.ts';

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
});

async function running({ engine, project }: TestContext): Promise<string[]> {
  const replicas = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'replica' });
  return replicas.filter(({ state }) => state === 'running').map(({ name }) => name);
}
