import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import type { IngressState } from '../../src/model/ingress.ts';
import { describeEngine } from '../engine-available.ts';
import { emptyState, type IngressSetup, setupIngress } from './setup-ingress.ts';

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
  it('wait for a moment, then get 503, and at once from then on until the replica is back', async () => {
    await using setup = await setupIngress(engine, STATE);
    const replica = await setup.startReplica('a', { TCP_PORT: String(TCP) });
    await setup.ingress.admit(replica.container, replica.addresses);
    expect(await greeting(setup)).toMatch(/^hello from/);
    await engine.stopContainer(replica.container, 5000);
    const waited = async () => {
      const since = performance.now();
      const answer = await fetch(setup.url());
      const late = performance.now() - since >= STATE.outageTimeoutMs;
      return { status: answer.status, retry: answer.headers.get('retry-after'), late, body: await answer.json() };
    };
    const refused = { status: 503, retry: '5', body: { error: 'The service is not there now.' } };
    expect(await waited()).toEqual({ ...refused, late: true });
    expect(await waited()).toEqual({ ...refused, late: false });
    expect(await greeting(setup)).toBe('');
    expect(await setup.ingress.counters()).toMatchObject({ failed: 3 });

    await engine.startContainer(replica.container);
    await expect.poll(async () => (await fetch(setup.url())).status, { timeout: 60_000 }).toBe(200);
    await expect.poll(() => greeting(setup), { timeout: 60_000 }).toMatch(/^hello from/);
    // It is known to have been back: what comes now waits again, and a restart is over before that.
    await engine.stopContainer(replica.container, 5000);
    const waiting = fetch(setup.url());
    const greeted = greeting(setup);
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
    await setup.ingress.configure({ ...setup.ingress.state, empty: true });
    await setup.ingress.release(replica.container);
    expect((await fetch(setup.url())).status).toBe(503);
  });
});

/** What a server that speaks first says; empty when the connection is closed without a word. */
const greeting = async (setup: IngressSetup): Promise<string> => {
  const { hostname, port } = new URL(setup.url(TCP));
  const socket = connect(Number(port), hostname).on('error', () => {});
  const words = await Promise.race([once(socket, 'data').then(String), once(socket, 'close').then(() => '')]);
  socket.destroy();
  return words;
};
