import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { testContext } from '../rollout/test-context.ts';
import { deploy, down, expectNothing, expectNothingElse, served } from './after-a-kill.ts';
import { runChild } from './run-child.ts';
import { watchContainers } from './watch-containers.ts';

const FEW = { keepAlive: 2, fresh: 1, connectionClose: 1, pauseMs: 20 };

describeEngine('a command that is killed', (engine) => {
  // A killed child's moments are `stride` apart, and each case begins at another one. A stride of 1 goes through them all.
  it.each([
    { command: 'deploy', next: 'deploy', first: 1, stride: 9 },
    { command: 'deploy', next: 'recreate', first: 2, stride: 13 },
    { command: 'recreate', next: 'deploy', first: 4, stride: 13 },
    { command: 'scale', next: 'deploy', first: 3, stride: 9 },
  ] as const)(
    'leaves the old or the new version serving ($command), and $next finishes or undoes it',
    async ({ command, next, first, stride }) => {
      await using context = testContext(engine);
      const seen = watchContainers(context);
      const port = await freePort();
      let version = 'v0';
      let receipt = await deploy(context, { version, port });
      seen.add(receipt);
      const load = await startLoad({ url: `http://localhost:${port}/`, ...FEW });
      const kills: number[] = [];
      for (let at = first; ; at += stride) {
        const wanted = command === 'deploy' ? `v${at}` : version;
        const replicas = command === 'scale' ? (receipt.replicas.length === 2 ? 3 : 1) : 2;
        const order = { command, name: context.project, history: context.history, version: wanted, replicas, port, at };
        const ended = await runChild(order);
        await seen.look();
        expect([version, wanted]).toContain(await served(port));
        // The last one got to its end before its moment came.
        if (ended !== undefined) {
          expect(ended.outcome).toBe('deployed');
          break;
        }
        kills.push(at);
        // `deploy` finishes what was begun; `recreate` goes on from what was deployed, and so undoes it.
        if (next === 'deploy') version = wanted;
        const project = { version, port, replicas: command === 'scale' ? 2 : replicas };
        receipt = await deploy(context, project, next === 'recreate' ? ['api'] : []);
        expect(receipt).toMatchObject({ warnings: [] });
        seen.add(receipt);
        expect(await served(port)).toBe(version);
        await expectNothingElse(context, receipt);
      }
      const { failed, failures, total } = await load.stop();
      expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
      expect(total).toBeGreaterThan(100);
      expect(kills.length).toBeGreaterThan(1);
      await seen.look();
      await seen.expectInHistory();
      await seen.expectNoVolumeLeft();
    },
  );

  it('is made good by the next deploy, or by down, when it was the first', async () => {
    await using context = testContext(engine);
    const seen = watchContainers(context);
    const port = await freePort();
    const order = { command: 'deploy', name: context.project, history: context.history, port } as const;
    let kills = 0;
    for (let at = 2; ; at += 13) {
      const ended = await runChild({ ...order, at });
      await seen.look();
      if (ended !== undefined) break;
      kills += 1;
      if (kills % 2 === 0) {
        const receipt = await deploy(context, { port });
        expect(receipt).toMatchObject({ warnings: [] });
        seen.add(receipt);
        expect(await served(port)).toBe('1');
        await expectNothingElse(context, receipt);
      }
      await down(context);
      await expectNothing(context);
    }
    expect(kills).toBeGreaterThan(2);
    await seen.expectInHistory();
    await seen.expectNoVolumeLeft();
  });

  it('is finished by the next down when it was one, or undone by deploy', async () => {
    await using context = testContext(engine);
    const seen = watchContainers(context);
    const port = await freePort();
    const order = { command: 'down', name: context.project, history: context.history } as const;
    let kills = 0;
    for (let at = 1; ; at += 2) {
      seen.add(await deploy(context, { port }));
      const ended = await runChild({ ...order, at });
      await seen.look();
      if (ended !== undefined) break;
      kills += 1;
      if (kills % 2 === 0) {
        const receipt = await deploy(context, { port });
        seen.add(receipt);
        expect(await served(port)).toBe('1');
        await expectNothingElse(context, receipt);
      }
      await down(context);
      await expectNothing(context);
    }
    expect(kills).toBeGreaterThan(3);
    await expectNothing(context);
    await seen.expectInHistory();
    await seen.expectNoVolumeLeft();
  });
});
