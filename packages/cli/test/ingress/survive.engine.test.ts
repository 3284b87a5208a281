import { expect, it } from 'vitest';
import { configFiles } from '../../src/ingress/config-file.ts';
import { CONFIG_DIRECTORY } from '../../src/ingress/render-haproxy-config.ts';
import type { Engine } from '../../src/model/engine.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { emptyState, type Replica, SESSIONS, setupIngress } from './setup-ingress.ts';

const MIXED = { keepAlive: 16, fresh: 8, connectionClose: 8, pauseMs: 10 };

describeEngine('an ingress through what happens to it and its replicas', (engine) => {
  it('loses no request while it is reloaded with another configuration, and keeps its slots', async () => {
    await using setup = await setupIngress(engine);
    const replicas = await setup.startReplicas('a', 'b');
    await admitAll(setup.ingress, replicas);
    const load = await startLoad({ url: setup.url(), ...MIXED, posts: 0.3 });
    const before = setup.ingress.state.slots;
    for (let round = 1; round <= 10; round++) {
      const other = { port: 8080, mode: round % 2 === 0 ? 'http' : 'tcp' } as const;
      const ports = round % 3 === 0 ? emptyState.ports : [...emptyState.ports, other];
      await setup.ingress.configure(() => ({ ...emptyState, ports, serverTimeoutMs: 60_000 + round * 1000 }));
      await load.pass(300);
    }
    const counters = await setup.ingress.counters();
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(setup.ingress.state.slots).toEqual(before);
    expect(Object.keys(result.bodies)).toHaveLength(2);
    // What the old workers answered after the reload is not counted; it is little.
    expect(counters.total).toBeGreaterThan(result.total * 0.8);
    expect(counters.total).toBeLessThanOrEqual(result.total);
    expect(counters.failed).toBe(0);
  });

  it('keeps its configuration and its requests when HAProxy refuses a new one', async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    const refused = setup.ingress.configure(() => ({ ...emptyState, ports: [{ port: 99_999, mode: 'http' }] }));
    await expect(refused).rejects.toMatchObject({ code: 'INGRESS_FAILED' });
    expect((await fetch(setup.url())).status).toBe(200);
    expect((await setup.reopen()).state).toEqual({ ...emptyState, slots: setup.ingress.state.slots });
  });

  it('comes back from a restart by itself, with every slot as it was', async () => {
    await using setup = await setupIngress(engine);
    const [a, b, c] = await setup.startReplicas('a', 'b', 'c');
    await admitAll(setup.ingress, [a, b, c]);
    await setup.ingress.drain(c?.container, { timeoutMs: 300_000 });
    for (let request = 0; request < 50; request++) await (await fetch(setup.url())).text();
    const { total } = await setup.ingress.counters();
    expect(total).toBe(50);
    await setup.restart();
    const answers = new Set<string>();
    for (let request = 0; request < 12; request++) answers.add(await (await fetch(setup.url())).text());
    expect(answers).toEqual(new Set(await hostNames(engine, [a, b])));
    // HAProxy counts from 0 again, and what it counted before is not lost.
    expect((await setup.ingress.counters()).total).toBeGreaterThanOrEqual(total + 12);
    // The session opened before the restart finds the new process.
    await setup.ingress.admit(c.container, c.addresses);
    for (let request = 0; request < 12; request++) answers.add(await (await fetch(setup.url())).text());
    expect(answers).toEqual(new Set(await hostNames(engine, [a, b, c])));
  });

  it('takes over what a holder that died had written but not told HAProxy', async () => {
    await using setup = await setupIngress(engine);
    const [a, b] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(a.container, a.addresses);
    const slots = emptyState.slots.map((_, slot) =>
      slot === 3 ? ({ container: b.container, state: 'ready' } as const) : null,
    );
    const files = configFiles({ ...emptyState, slots, clientTimeoutMs: 55_000 });
    await engine.writeFiles(setup.container, CONFIG_DIRECTORY, files);
    await setup.reopen();
    await setup.reopen();
    const answers = new Set<string>();
    for (let request = 0; request < 8; request++) answers.add(await (await fetch(setup.url())).text());
    expect(answers).toEqual(new Set(await hostNames(engine, [b])));
  });

  it('loses no request when a replica is killed', async () => {
    await using setup = await setupIngress(engine);
    const replicas = await setup.startReplicas('a', 'b', 'c');
    await admitAll(setup.ingress, replicas);
    const load = await startLoad({ url: setup.url(), ...MIXED });
    for (const replica of replicas.slice(1)) {
      await load.pass(2000);
      await setup.kill(replica);
    }
    await load.pass(2000);
    const result = await load.stop();
    expect(result.failures).toEqual([]);
  });

  // It takes its time to give up: the others run meanwhile.
  it.concurrent('gives up on a container that is nowhere, and frees its slot', async () => {
    await using setup = await setupIngress(engine);
    const refused = setup.ingress.admit('lobbie-test-nowhere', ['192.0.2.1']);
    await expect(refused).rejects.toMatchObject({
      code: 'INGRESS_FAILED',
      details: expect.arrayContaining([expect.stringContaining('lobbie-test-nowhere at no address')]),
    });
    expect((await setup.reopen()).state.slots.every((slot) => slot === null)).toBe(true);
  });

  it.concurrent('lets requests wait while no replica is in service', async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    await setup.ingress.drain(replica.container, { timeoutMs: 300_000 });
    const waiting = Array.from({ length: 20 }, () => fetch(setup.url()));
    await setup.ingress.admit(replica.container, replica.addresses);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  it.concurrent('tries a request that the only replica drops a few times, and not as long as requests wait', async ({
    expect,
  }) => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a', { LOG_DROPS: '1' });
    await setup.ingress.admit(replica.container, replica.addresses);
    expect((await fetch(`${setup.url()}/drop`)).status).toBe(502);
    expect((await fetch(`${setup.url()}/drop`, { method: 'POST' })).status).toBe(502);
    // The engine may write a line down after its request was answered.
    await expect.poll(() => setup.printed(replica)).toContain('POST');
    const executed = await setup.printed(replica);
    expect(executed.filter((line) => line === 'GET').length).toBeLessThanOrEqual(4);
    expect(executed.filter((line) => line === 'POST')).toHaveLength(1);
    expect(await setup.ingress.counters()).toMatchObject({ total: 2, failed: 2 });
  });

  it.concurrent('lets requests wait that the last replica dies under, until it is back, and counts each once', async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    const waiting = Array.from({ length: 5 }, () => fetch(`${setup.url()}/first`));
    await setup.sessions(5, SESSIONS.ofReplicas);
    await setup.kill(replica);
    const late = fetch(setup.url(), { method: 'POST' });
    await engine.startContainer(replica.container);
    const answers = await Promise.all([...waiting, late]);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await setup.ingress.counters()).toMatchObject({ total: 6, failed: 0 });
  });

  it.concurrent('executes no POST twice when a replica dies amid it', async () => {
    await using setup = await setupIngress(engine);
    const survivor = await setup.startReplica('a', { LOG_POSTS: '1' });
    const victim = await setup.startReplica('b', { LOG_POSTS: '1' });
    await admitAll(setup.ingress, [survivor, victim]);
    const load = await startLoad({ url: `${setup.url()}/?sleep=100`, keepAlive: 32, posts: 1 });
    await load.pass(500);
    await setup.kill(victim);
    await load.pass(500);
    const result = await load.stop();
    const executed = (await Promise.all([setup.printed(survivor), setup.printed(victim)])).flat();
    expect(executed.length).toBe(new Set(executed).size);
    expect(executed.length).toBeGreaterThan(900);
    // Those in flight on the killed replica got no answer; each of the others did.
    expect(result.failed).toBeGreaterThan(0);
    expect(result.failed).toBeLessThanOrEqual(32);
  });

  it.concurrent('lets a slow request of a drained replica end, and says that it did', async () => {
    await using setup = await setupIngress(engine);
    const [a, b] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(a.container, a.addresses);
    const slow = fetch(`${setup.url()}/held`);
    await setup.sessions(1, SESSIONS.ofReplicas);
    await setup.ingress.admit(b.container, b.addresses);
    expect(await setup.ingress.drain(a.container, { timeoutMs: 200 })).toBe(false);
    await setup.release(a);
    expect(await setup.ingress.drain(a.container, { timeoutMs: 300_000 })).toBe(true);
    expect((await slow).status).toBe(200);
    expect(await (await fetch(setup.url())).text()).toBe((await hostNames(engine, [b]))[0]);
  });

  it.concurrent('waits in a drain for requests that a reload left with the old worker', async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    const slow = fetch(`${setup.url()}/held`);
    await setup.sessions(1, SESSIONS.ofReplicas);
    await setup.ingress.configure(() => ({ ...emptyState, clientTimeoutMs: 50_000 }));
    expect(await setup.ingress.drain(replica.container, { timeoutMs: 300 })).toBe(false);
    await setup.release(replica);
    expect(await setup.ingress.drain(replica.container, { timeoutMs: 300_000 })).toBe(true);
    expect((await slow).status).toBe(200);
  });

  it.concurrent('finds a replica again that restarts with another address', async ({ expect }) => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    await engine.stopContainer(replica.container, 2000);
    await setup.startReplica('takes-its-address');
    await engine.startContainer(replica.container);
    const now = Object.values((await engine.inspectContainer(replica.container))?.addresses ?? {});
    expect(now).not.toEqual(replica.addresses);
    const [name] = await hostNames(engine, [replica]);
    await expect.poll(async () => (await fetch(setup.url())).text()).toBe(name);
  });
});

interface Admits {
  admit(container: string, addresses: readonly string[]): Promise<void>;
}

const admitAll = (ingress: Admits, replicas: readonly Replica[]): Promise<unknown> =>
  Promise.all(replicas.map(({ container, addresses }) => ingress.admit(container, addresses)));

/** A container's host name is its short id. */
const hostNames = (engine: Engine, replicas: readonly Replica[]): Promise<string[]> =>
  Promise.all(
    replicas.map(async ({ container }) => (await engine.inspectContainer(container))?.id.slice(0, 12) ?? container),
  );
