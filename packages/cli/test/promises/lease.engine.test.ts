import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acquireLease, leaseHolder } from '../../src/ledger/lease.ts';
import { LobbieError } from '../../src/model/errors.ts';
import { LABEL, leaseName } from '../../src/model/names.ts';
import { ensureIngressImage, findIngressImage } from '../../src/rollout/images/ensure-ingress-image.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { lightProject } from './light-project.ts';
import { type Order, runChild, startChild } from './run-child.ts';

/** Moment in a deploy of another version at which its steps have begun and none of the old containers is gone. */
const MIDWAY = 8;

describeEngine('the lease', (engine) => {
  let context: TestContext;
  let port: number;
  let image: string;
  beforeAll(async () => {
    context = testContext(engine);
    port = await freePort();
    image = await ensureIngressImage(context, await findIngressImage(context));
    await deploy('1');
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const orderOf = (version: string, more: Partial<Order> = {}): Order => ({
    command: 'deploy',
    name: context.project,
    history: context.history,
    version,
    port,
    ...more,
  });
  const deploy = (version: string, around = context) =>
    rollOut(around, {
      project: lightProject({ name: context.project, history: context.history, version, port }),
      command: 'deploy',
      recreate: [],
      asDeployed: false,
    });
  const failureOf = async (deploying: Promise<unknown>): Promise<LobbieError> => {
    const failure: unknown = await deploying.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failure instanceof LobbieError)) throw new Error('it did not fail as it should', { cause: failure });
    return failure;
  };
  const containers = async (): Promise<string[]> => {
    const all = await engine.listContainers({ [LABEL.project]: context.project });
    return all
      .filter(({ labels }) => labels[LABEL.role] !== 'lease')
      .map(({ name, state }) => `${name} ${state}`)
      .toSorted();
  };
  const acquire = (holder: string) => acquireLease(engine, context.clock, { project: context.project, image, holder });

  it('is free when its holder falls silent, and that one stops before its next step', async () => {
    const child = startChild(orderOf('4', { at: MIDWAY, signal: 'SIGSTOP', holder: 'silent' }));
    await child.stopping;
    await expect.poll(() => leaseHolder(engine, context.project, context.clock)).toBeUndefined();
    expect(await deploy('5')).toMatchObject({ outcome: 'deployed', warnings: [] });
    const taken = await acquire('another one');
    const before = await containers();
    child.process.kill('SIGCONT');
    expect(await child.result).toMatchObject({ outcome: 'error', code: 'LEASE_LOST' });
    expect(await containers()).toEqual(before);
    // Nor did it take the lease of the other one away.
    await taken.check();
    await taken.unlock();
    expect(await deploy('5')).toMatchObject({ outcome: 'unchanged' });
  });

  it('stops its holder before the next step when someone removes it', async () => {
    const child = startChild(orderOf('6', { at: MIDWAY, signal: 'SIGSTOP' }));
    await child.stopping;
    await engine.removeContainer(leaseName(context.project), { force: true });
    const before = await containers();
    child.process.kill('SIGCONT');
    expect(await child.result).toMatchObject({ outcome: 'error', code: 'LEASE_LOST' });
    // What was under way may have ended; nothing was begun after it, and nothing was taken back.
    expect((await containers()).length - before.length).toBeLessThanOrEqual(2);
    expect(await deploy('6')).toMatchObject({ outcome: 'deployed', warnings: [] });
  });

  it('is taken from one who created it and died before starting it', async () => {
    // The engine may still be removing the one of the test before.
    await expect.poll(() => engine.inspectContainer(leaseName(context.project))).toBeUndefined();
    await engine.createContainer({
      name: leaseName(context.project),
      image,
      labels: { [LABEL.project]: context.project, [LABEL.role]: 'lease' },
      command: ['true'],
      networks: [],
    });
    const lease = await acquire('the next one');
    expect(await leaseHolder(engine, context.project, context.clock)).toBe('the next one');
    await lease.unlock();
  });

  it.each([2, 5])('lets one of %i that begin at once deploy, and the others say so', async (count) => {
    const version = `at-once-${count}`;
    const results = await Promise.all(Array.from({ length: count }, () => runChild(orderOf(version))));
    const told = results.map((result) => result?.code ?? result?.outcome);
    expect(told.filter((one) => one === 'deployed')).toHaveLength(1);
    expect(told.filter((one) => one !== 'deployed' && one !== 'unchanged' && one !== 'LEASE_TAKEN')).toEqual([]);
    const replicas = (await containers()).filter((name) => /-api-\d+-/.test(name));
    expect(replicas).toHaveLength(2);
    expect(await deploy(version)).toMatchObject({ outcome: 'unchanged' });
  });

  it('undoes what was begun when the engine cannot start it', async () => {
    const createContainer: typeof engine.createContainer = (spec, ...rest) =>
      engine.createContainer(
        spec.name === leaseName(context.project) ? { ...spec, entrypoint: ['/not-in-the-image'] } : spec,
        ...rest,
      );
    await deploy('before');
    const before = await containers();
    const outcome = await deploy('never', { ...context, engine: { ...engine, createContainer } }).then(
      (receipt) => receipt.outcome,
      (error: unknown) => (error as LobbieError).code,
    );
    // It depends on how far the deploy is when the engine gives up.
    expect(['failed-restored', 'ENGINE_ERROR']).toContain(outcome);
    expect(await containers()).toEqual(before);
    expect(await leaseHolder(engine, context.project, context.clock)).toBeUndefined();
    expect(await deploy('before')).toMatchObject({ outcome: 'unchanged' });
  });

  it('is asked for between two others without one of them losing it', async () => {
    const lease = await acquire('first');
    const rivals = await Promise.all([1, 2, 3].map((n) => failureOf(acquire(`rival ${n}`))));
    expect(rivals.map(({ code }) => code)).toEqual(['LEASE_TAKEN', 'LEASE_TAKEN', 'LEASE_TAKEN']);
    await sleep(4000);
    await lease.check();
    await lease.unlock();
    const next = await acquire('second');
    await next.unlock();
  });
});
