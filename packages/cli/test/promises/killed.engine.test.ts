import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { history } from '../../src/commands/history.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL, ledgerVolumeName } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { volumesOf } from './ask-engine.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';
import { type Order, runChild } from './run-child.ts';

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
    300_000,
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
  }, 300_000);

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
  }, 300_000);
});

type Wanted = Pick<Order, 'version' | 'replicas' | 'port'>;

const deploy = (context: TestContext, wanted: Wanted, recreate: readonly string[] = []): Promise<Receipt> =>
  whenFree(() =>
    rollOut(context, {
      project: lightProject({ name: context.project, history: context.history, ...wanted }),
      command: recreate.length === 0 ? 'deploy' : 'recreate',
      recreate,
      asDeployed: false,
    }),
  );

const down = (context: TestContext): Promise<unknown> =>
  whenFree(() => takeDown(context, context.project, { removeHistory: false }));

/** A lease whose holder was killed while the engine was starting it does not hear of that: it ends after 15 s of silence. */
async function whenFree<T>(command: () => Promise<T>): Promise<T> {
  const until = Date.now() + 20_000;
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof LobbieError) || error.code !== 'LEASE_TAKEN' || Date.now() > until) throw error;
      await setTimeout(500);
    }
  }
}

async function served(port: number): Promise<string> {
  const answer = await fetch(`http://localhost:${port}/`);
  return ((await answer.json()) as { version: string }).version;
}

/** One ingress, the keeper, and the replicas of the receipt: no container too many, not even a lease. */
async function expectNothingElse({ engine, project }: TestContext, { replicas }: Receipt): Promise<void> {
  const containers = await lasting(engine, project);
  const described = containers.map(({ name, labels, state }) =>
    labels[LABEL.role] === 'replica' ? `${name} ${state}` : `${labels[LABEL.role]} ${state}`,
  );
  expect(described.toSorted()).toEqual(
    [...replicas.map(({ container }) => `${container} running`), 'ingress running', 'keeper created'].toSorted(),
  );
}

async function expectNothing({ engine, project }: TestContext): Promise<void> {
  expect((await lasting(engine, project)).map(({ name }) => name)).toEqual([]);
  expect(await engine.inspectNetwork(`${project}_default`)).toBeUndefined();
}

/** The engine needs another moment to remove a lease that has ended. */
async function lasting(engine: TestContext['engine'], project: string) {
  const list = () => engine.listContainers({ [LABEL.project]: project });
  await expect.poll(async () => (await list()).filter(isLease), { timeout: 10_000 }).toEqual([]);
  return list();
}

const isLease = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean => labels[LABEL.role] === 'lease';

/** Remembers every container and volume that was there, for whether the history has the ones and nobody the others. */
function watchContainers(context: TestContext) {
  const { engine, project } = context;
  const ran = new Set<string>();
  const volumes = new Set<string>();
  return {
    add({ replicas }: Receipt) {
      for (const { container } of replicas) ran.add(container);
    },
    async look() {
      const containers = await engine.listContainers({ [LABEL.project]: project });
      for (const { name, labels, state } of containers)
        if (labels[LABEL.role] === 'replica' && state === 'running') ran.add(name);
      const ids = containers.filter((one) => !isLease(one)).map(({ id }) => id);
      for (const volume of await volumesOf(engine, ids)) volumes.add(volume);
    },
    async expectInHistory() {
      const { containers } = await history(commandContext(context), undefined);
      expect(containers.map(({ container }) => container)).toEqual(expect.arrayContaining([...ran]));
      for (const { started, ended, running } of containers) {
        expect(started).not.toBeNull();
        expect(running || ended !== null).toBe(true);
      }
    },
    async expectNoVolumeLeft() {
      await down(context);
      const left = await Promise.all(
        [...volumes].map(async (name) => ((await engine.inspectVolume(name)) ? [name] : [])),
      );
      expect(left.flat()).toEqual([ledgerVolumeName(project)]);
    },
  };
}
