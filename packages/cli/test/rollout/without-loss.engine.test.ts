import { expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { RolloutRequest } from '../../src/rollout/given/request.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { containersOf } from './containers-of.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { gateUntil } from './gate-until.ts';
import { printedIn } from './printed-in.ts';
import { type TestContext, testContext } from './test-context.ts';
import { INGRESS, type TestProjectOptions, testProject } from './test-project.ts';

/** 256 clients of all kinds; the pause leaves the machine's two cores some room for what is tested. */
const CLIENTS = { keepAlive: 96, fresh: 64, connectionClose: 96, posts: 0.2, pauseMs: 120 };

describeEngine('a rollout under load', (engine) => {
  it('recreates every replica, again and again, and loses nothing', async () => {
    await using context = testContext(engine);
    const deployed = await deploy(context, { replicas: 3 });
    const load = await startLoad({ url: urlOf(deployed), ...CLIENTS });
    const receipts: Receipt[] = [];
    for (let round = 0; round < 4; round += 1) {
      receipts.push(await rollOut(context, { ...requestFor(context, { replicas: 3 }), recreate: ['api'] }));
    }
    const result = await load.stop();
    expect(receipts.map(({ outcome, error }) => error?.message ?? outcome)).toEqual(Array(4).fill('deployed'));
    await expectNothingLost(context, result);
    for (const { requests } of receipts) expect(requests).toMatchObject({ failed: 0 });
    expect(receipts.reduce((sum, { requests }) => sum + (requests?.total ?? 0), 0)).toBeGreaterThan(100);
  });

  it('deploys another version, and answers of the old one end', async () => {
    await using context = testContext(engine);
    const deployed = await deploy(context, { version: 'old' });
    const load = await startLoad({ url: urlOf(deployed), ...CLIENTS });
    const receipt = await deploy(context, { version: 'new' });
    const after = await Promise.all(Array.from({ length: 50 }, () => get(urlOf(receipt))));
    const result = await load.stop();
    expect(receipt.error?.message ?? receipt.outcome).toBe('deployed');
    expect(new Set(after)).toEqual(new Set([JSON.stringify({ version: 'new' })]));
    expect(Object.keys(result.bodies).toSorted()).toEqual(
      [{ version: 'new' }, { version: 'old' }].map((body) => JSON.stringify(body)),
    );
    await expectNothingLost(context, result);
  });

  it('scales up and down', async () => {
    await using context = testContext(engine);
    const deployed = await deploy(context, { replicas: 2 });
    const kept = deployed.replicas.map(({ container }) => container);
    const load = await startLoad({ url: urlOf(deployed), ...CLIENTS });
    const up = await deploy(context, { replicas: 5 });
    const down = await deploy(context, { replicas: 1 });
    const result = await load.stop();
    expect(up.replicas).toHaveLength(5);
    expect(up.replicas.slice(0, 2).map(({ container }) => container)).toEqual(kept);
    expect(down.replicas.map(({ container }) => container)).toEqual(kept.slice(0, 1));
    await expectNothingLost(context, result);
  });

  it.each(['exit', 'unhealthy', 'localhost'] as const)(
    'takes back a new version that fails (%s), and the old one serves on',
    async (fail) => {
      await using context = testContext(engine);
      const deployed = await deploy(context, { version: 'good' });
      const before = await containersOf(context);
      const load = await startLoad({ url: urlOf(deployed), ...CLIENTS });
      const failed = fail === 'localhost' ? () => printedIn(context, 'version bad listens') : /exit code 1/;
      const receipt = await deploy(gateUntil(context, failed), { version: 'bad', fail });
      const result = await load.stop();
      expect(receipt).toMatchObject({ outcome: 'failed-restored', warnings: [], error: { code: 'GATE_FAILED' } });
      expect(receipt.replicas.map(({ container }) => container)).toEqual(
        deployed.replicas.map(({ container }) => container),
      );
      expect(await containersOf(context)).toEqual(before);
      expect(Object.keys(result.bodies)).toEqual([JSON.stringify({ version: 'good' })]);
      await expectNothingLost(context, result);
      expect(await deploy(context, { version: 'good' })).toMatchObject({ outcome: 'unchanged' });
    },
  );

  it('reloads a changed configuration of the ingress', async () => {
    await using context = testContext(engine);
    const deployed = await deploy(context, {});
    const load = await startLoad({ url: urlOf(deployed), ...CLIENTS });
    const ingress = { ...INGRESS, drainTimeoutMs: 9000, clientTimeoutMs: 50_000, serverTimeoutMs: 50_000 };
    const receipt = await deploy(context, { service: { ingress } });
    const result = await load.stop();
    expect(receipt.error?.message ?? receipt.outcome).toBe('deployed');
    expect(receipt.replicas.map(({ container }) => container)).toEqual(
      deployed.replicas.map(({ container }) => container),
    );
    expect(context.events.some((event) => event.type === 'step-done' && event.step.kind === 'configure-ingress')).toBe(
      true,
    );
    await expectNothingLost(context, result);
  });

  it('lets a slow request end on the old replica before that is stopped', async () => {
    await using context = testContext(engine);
    const deployed = await deploy(context, { version: 'old', replicas: 1 });
    const slow = get(`${urlOf(deployed)}slow?ms=4000`);
    const receipt = await deploy(context, { version: 'new', replicas: 1 });
    expect(await slow).toBe(JSON.stringify({ version: 'old', slow: true }));
    expect(await get(urlOf(receipt))).toBe(JSON.stringify({ version: 'new' }));
    expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
  });

  it('has the ingress come back alone from a restart, with the same replicas', async () => {
    await using context = testContext(engine);
    // The port that the engine picked once would be another one after a restart.
    const port = await freePort();
    const deployed = await deploy(context, { port });
    const [ingress] = await engine.listContainers({ [LABEL.project]: context.project, [LABEL.role]: 'ingress' });
    await engine.stopContainer(ingress?.id ?? '', 10_000);
    await engine.startContainer(ingress?.id ?? '');
    await expect.poll(() => get(urlOf(deployed)).catch(() => '')).toBe(JSON.stringify({ version: '1' }));
    const load = await startLoad({ url: urlOf(deployed), ...CLIENTS });
    const receipt = await rollOut(context, { ...requestFor(context, { port }), recreate: ['api'] });
    await expectNothingLost(context, await load.stop());
    expect(receipt.error?.message ?? receipt.outcome).toBe('deployed');
  });

  it('says when the ingress crashed meanwhile: what that cut is not counted', async () => {
    const crash: { done?: Promise<unknown> } = {};
    const report: TestContext['report'] = (event) => {
      if (event.type !== 'step-done' || event.step.kind !== 'start-replica') return;
      crash.done ??= crashIngress(context);
    };
    await using context = testContext(engine);
    const port = await freePort();
    expect(await deploy(context, { port })).toMatchObject({ outcome: 'deployed', warnings: [] });
    const receipt = await deploy({ ...context, report }, { port, version: '2' });
    await crash.done;
    expect(receipt).toMatchObject({ outcome: 'deployed' });
    expect(receipt.warnings).toEqual([expect.stringMatching(/^The ingress of api was restarted once during the/)]);
    expect(await get(urlOf(receipt))).toBe(JSON.stringify({ version: '2' }));
  });
});

const requestFor = (context: TestContext, options: Omit<TestProjectOptions, 'name' | 'history'>): RolloutRequest => ({
  project: testProject({ name: context.project, history: context.history, ...options }),
  command: 'deploy',
  recreate: [],
  asDeployed: false,
});

const deploy = (context: TestContext, options: Omit<TestProjectOptions, 'name' | 'history'>): Promise<Receipt> =>
  rollOut(context, requestFor(context, options));

const urlOf = ({ url }: Receipt): string => `${url[0]}/`;

const get = async (url: string): Promise<string> => (await fetch(url)).text();

/** Kills HAProxy's worker. Its master ends then, and the engine starts the container again. */
const crashIngress = async ({ engine, project }: TestContext): Promise<void> => {
  const [ingress] = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  await engine.exec(ingress?.id ?? '', ['sh', '-c', 'kill -9 -1'], { timeoutMs: 60_000 }).catch(() => undefined);
};
