import { expect, it } from 'vitest';
import type { IngressState } from '../../src/model/ingress.ts';
import { describeEngine } from '../engine-available.ts';
import { greeting } from './greeting.ts';
import { emptyState, setupIngress } from './setup-ingress.ts';

const TCP = 3001;
// A rollout may take as long as it likes; at any other time, requests wait for a moment.
const STATE: IngressState = {
  ...emptyState,
  ports: [
    { port: 3000, mode: 'auto' },
    { port: TCP, mode: 'auto', speaksFirst: true },
  ],
  holdTimeoutMs: 300_000,
  outageTimeoutMs: 5000,
};

describeEngine('requests while the only replica is gone', (engine) => {
  it('wait for a moment, then get 503, and at once from then on until the replica has been back', async () => {
    await using setup = await setupIngress(engine, STATE);
    const replica = await setup.startReplica('a', { TCP_PORT: String(TCP) });
    await setup.ingress.admit(replica.container, replica.addresses);
    expect(await greeting(setup.url(TCP))).toMatch(/^hello from/);
    await engine.stopContainer(replica.container, 5000);
    const waited = async () => {
      const since = performance.now();
      const answer = await fetch(setup.url());
      const late = performance.now() - since >= STATE.outageTimeoutMs;
      return { status: answer.status, retry: answer.headers.get('retry-after'), late, body: await answer.json() };
    };
    const refused = { status: 503, retry: '5', body: { error: 'The service is not available now.' } };
    expect(await waited()).toEqual({ ...refused, late: true });
    // On a busy machine an answer at once may take as long as one that waited: one that did not is enough.
    let failed = 1;
    const again = async () => {
      failed += 1;
      return waited();
    };
    await expect.poll(again).toEqual({ ...refused, late: false });
    expect(await greeting(setup.url(TCP))).toBe('');
    expect(await setup.ingress.counters()).toMatchObject({ failed: failed + 1 });

    await engine.startContainer(replica.container);
    await expect.poll(async () => (await fetch(setup.url())).status).toBe(200);
    await expect.poll(() => greeting(setup.url(TCP))).toMatch(/^hello from/);
    // It is known to have been back: what comes now waits again.
    await engine.stopContainer(replica.container, 5000);
    expect(await waited()).toEqual({ ...refused, late: true });
  });

  it('are served by a replica that restarts', async () => {
    await using setup = await setupIngress(engine, { ...STATE, outageTimeoutMs: 300_000 });
    const replica = await setup.startReplica('a', { TCP_PORT: String(TCP) });
    await setup.ingress.admit(replica.container, replica.addresses);
    await engine.stopContainer(replica.container, 5000);
    const waiting = fetch(setup.url());
    const greeted = greeting(setup.url(TCP));
    await engine.startContainer(replica.container);
    expect((await waiting).status).toBe(200);
    expect(await greeted).toMatch(/^hello from/);
  });

  it('wait for longer when a rollout has drained the replica, also after an outage', async () => {
    await using setup = await setupIngress(engine, { ...STATE, outageTimeoutMs: 500 });
    const [old, next] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(old.container, old.addresses);
    await engine.stopContainer(old.container, 5000);
    expect((await fetch(setup.url())).status).toBe(503);
    await setup.ingress.drain(old.container, { timeoutMs: 60_000 });
    const waiting = fetch(setup.url());
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await setup.ingress.admit(next.container, next.addresses);
    expect((await waiting).status).toBe(200);
  });

  it('wait for the first replica of a new service, and for none of a service without replicas', async () => {
    await using setup = await setupIngress(engine, { ...STATE, outageTimeoutMs: 3000 });
    const replica = await setup.startReplica('a');
    const waiting = fetch(setup.url());
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await setup.ingress.admit(replica.container, replica.addresses);
    expect((await waiting).status).toBe(200);
    await setup.ingress.configure(() => ({ ...setup.ingress.state, empty: true }));
    await setup.ingress.free(replica.container);
    expect((await fetch(setup.url())).status).toBe(503);
  });
});
