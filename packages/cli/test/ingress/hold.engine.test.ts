import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import type { IngressState } from '../../src/model/ingress.ts';
import { describeEngine } from '../engine-available.ts';
import { greeting } from './greeting.ts';
import { emptyState, type IngressSetup, SESSIONS, setupIngress } from './setup-ingress.ts';

const TCP = 3001;
const KEY = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const BOTH: IngressState = {
  ...emptyState,
  ports: [
    { port: 3000, mode: 'auto' },
    { port: TCP, mode: 'auto', speaksFirst: true },
  ],
  // Shorter than requests wait here: no other timeout may end the wait.
  clientTimeoutMs: 5000,
  serverTimeoutMs: 5000,
};

describeEngine('requests that no replica can take now', (engine) => {
  it('wait until one is admitted, of every kind', async () => {
    await using setup = await setupIngress(engine, BOTH);
    const replica = await setup.startReplica('a', { TCP_PORT: String(TCP), LOG_POSTS: '1' });
    const posts = Array.from({ length: 10 }, (_, index) => post(setup, `/upload?id=post-${index}`));
    const gets = Array.from({ length: 10 }, async () => (await fetch(setup.url())).status);
    const greetings = Array.from({ length: 5 }, () => greeting(setup.url(TCP)));
    await setup.sessions(20);
    await passed(6000);
    await setup.ingress.admit(replica.container, replica.addresses);
    expect(await Promise.all(posts)).toEqual(Array(10).fill('200 1000000'));
    expect(await Promise.all(gets)).toEqual(Array(10).fill(200));
    for (const words of await Promise.all(greetings)) expect(words).toMatch(/^hello from/);
    expect(await setup.ingress.counters()).toEqual({ total: 25, failed: 0, retried: 0, serverErrors: 0 });
    expect((await setup.printed(replica)).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => `post-${index}`),
    );
  });

  it('are refused when they have waited as long as they may, and counted as failed', async () => {
    await using setup = await setupIngress(engine, { ...BOTH, holdTimeoutMs: 1200 });
    const [answer, words] = await Promise.all([fetch(setup.url()), greeting(setup.url(TCP))]);
    expect(answer.status).toBe(503);
    expect(words).toBe('');
    expect(await setup.ingress.counters()).toEqual({ total: 2, failed: 2, retried: 0, serverErrors: 0 });
  });

  it('are served after reloads during the wait, also to another mode and other ports', async () => {
    const patient: IngressState = { ...BOTH, serverTimeoutMs: 60_000 };
    const onlyTcp = patient.ports.map(({ port }) => ({ port, mode: 'tcp' as const }));
    await using setup = await setupIngress(engine, { ...patient, ports: onlyTcp });
    const replica = await setup.startReplica('a', { TCP_PORT: String(TCP) });
    const early = fetch(`${setup.url()}/headers`);
    const words = greeting(setup.url(TCP));
    await setup.sessions(1, SESSIONS.ofRawClients);
    await setup.ingress.configure(() => patient);
    const late = fetch(`${setup.url()}/headers`);
    await setup.sessions(1);
    await setup.ingress.configure(() => ({ ...patient, ports: [...BOTH.ports, { port: 8080, mode: 'http' }] }));
    await setup.ingress.admit(replica.container, replica.addresses);
    expect((await early).status).toBe(200);
    expect(await words).toMatch(/^hello from/);
    // The replica is told of the client, and not of the worker that the request waited in.
    const headers = (await (await late).json()) as Record<string, string>;
    expect(headers['x-forwarded-for']).toMatch(/^(\d+\.){3}\d+$/);
    expect(headers['x-forwarded-for']).not.toMatch(/^127\./);
  });

  it('do not wait for connections that stay open until the last replica stops', async () => {
    await using setup = await setupIngress(engine, { ...BOTH, holdTimeoutMs: 100_000, serverTimeoutMs: 300_000 });
    const [old, successor] = await Promise.all(
      ['a', 'b'].map((name) => setup.startReplica(name, { TCP_PORT: String(TCP) })),
    );
    if (old === undefined || successor === undefined) throw new Error('two replicas were started');
    await setup.ingress.admit(old.container, old.addresses);
    const { hostname, port } = new URL(setup.url(TCP));
    const pooled = connect(Number(port), hostname).on('error', () => {});
    await once(pooled, 'data');
    const web = new URL(setup.url());
    const webSocket = connect(Number(web.port), web.hostname).on('error', () => {});
    webSocket.write(`GET / HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${KEY}\r\n\r\n`);
    expect(String((await once(webSocket, 'data'))[0])).toMatch(/^HTTP\/1.1 101/);
    const slow = fetch(`${setup.url()}/held`);
    await setup.sessions(2);
    const drained = setup.ingress.drain(old.container, { timeoutMs: 300_000 });
    await expect.poll(() => setup.ingress.state.slots[0]?.state).toBe('drain');
    const words = greeting(setup.url(TCP));
    const late = fetch(setup.url());
    // A request in flight ends before that.
    await setup.release(old);
    expect((await slow).status).toBe(200);
    expect(await drained).toBe(false);
    await engine.stopContainer(old.container, 5000);
    await setup.ingress.admit(successor.container, successor.addresses);
    expect(await words).toMatch(/^hello from/);
    expect((await late).status).toBe(200);
    pooled.destroy();
    webSocket.destroy();
  });

  it('are not lost on a connection that outlives a reload and every replica of its time', async () => {
    await using setup = await setupIngress(engine);
    const [old, successor] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(old.container, old.addresses);
    const [first, second] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    const before = await Promise.all([ask(setup.url(), first), ask(setup.url(), second)]);
    await setup.ingress.configure(() => ({ ...emptyState, serverTimeoutMs: 50_000 }));
    await setup.ingress.admit(successor.container, successor.addresses);
    expect(await setup.ingress.drain(old.container, { timeoutMs: 300_000 })).toBe(true);
    const drained = await ask(setup.url(), first, 'POST');
    await engine.stopContainer(old.container, 5000);
    const stopped = await ask(setup.url(), second, 'POST');
    const name = (await engine.inspectContainer(successor.container))?.id.slice(0, 12);
    expect([drained, stopped]).toEqual(before.map(({ localPort }) => ({ status: 200, body: name, localPort })));
    first.destroy();
    second.destroy();
  });
});

const ask = async (url: string, agent: Agent, method = 'GET') => {
  const asked = request(url, { agent, method }).end();
  const [response] = await once(asked, 'response');
  const localPort = response.socket.localPort;
  const [body] = await once(response.setEncoding('utf8'), 'data');
  return { status: response.statusCode, body, localPort };
};

/** Posts more than HAProxy buffers. */
const post = async (setup: IngressSetup, path: string): Promise<string> => {
  const answer = await fetch(`${setup.url()}${path}`, { method: 'POST', body: Buffer.alloc(1_000_000) });
  return `${answer.status} ${await answer.text()}`;
};

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
