import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { CONFINEMENT } from '../../src/ingress/confinement.ts';
import { describeEngine } from '../engine-available.ts';
import { emptyState, SESSIONS, setupIngress } from './setup-ingress.ts';

describeEngine('what passes through an ingress', (engine) => {
  it('writes nowhere but to its configuration and its sockets, and has a limit to its memory', async () => {
    await using setup = await setupIngress(engine);
    const write = (path: string) => setup.run(['sh', '-c', `echo x 2>&1 >${path}/x && rm ${path}/x && echo written`]);
    for (const path of ['/', '/tmp', '/etc', '/usr/bin', '/var/tmp'])
      expect(await write(path)).not.toContain('written');
    expect(await write('/run/haproxy')).toContain('written');
    const limit = 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null';
    expect(await setup.run(['sh', '-c', limit])).toContain(String(CONFINEMENT.memoryBytes));
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    await setup.restart();
    expect((await fetch(setup.url())).status).toBe(200);
  });

  it('answers 503 by itself where no replica comes into service, and counts it as failed', async () => {
    await using setup = await setupIngress(engine, { ...emptyState, holdTimeoutMs: 900, outageTimeoutMs: 900 });
    const answer = await fetch(setup.url());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/json']);
    expect(await answer.json()).toEqual({ error: 'The service is not available now.' });
    expect(await setup.ingress.counters()).toMatchObject({ total: 1, failed: 1, serverErrors: 0 });
  });

  it("counts a replica's own errors apart from requests that got no whole answer", async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    const ask = async (path: string, method = 'GET'): Promise<number | string> => {
      const answer = await fetch(`${setup.url()}${path}`, { method, headers: { connection: 'close' } }).catch(String);
      if (typeof answer === 'string') return answer;
      return (await answer.text().catch(() => undefined)) === undefined ? 'broken off' : answer.status;
    };
    expect(await ask('/')).toBe(200);
    expect(await ask('/fail')).toBe(500);
    expect(await setup.ingress.counters()).toEqual({ total: 2, failed: 0, retried: 0, serverErrors: 1 });
    expect(await ask('/cut')).toBe('broken off');
    expect(await ask('/drop', 'POST')).toBe(502);
    await setup.ingress.configure(() => ({ ...emptyState, serverTimeoutMs: 500 }));
    expect(await ask('/held')).toBe(504);
    expect(await setup.ingress.counters()).toEqual({ total: 5, failed: 3, retried: 0, serverErrors: 1 });
  });

  it('counts what it tried again after a replica was killed, and does not count it as failed', async () => {
    await using setup = await setupIngress(engine);
    const [a, b] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(a.container, a.addresses);
    await setup.ingress.admit(b.container, b.addresses);
    await setup.kill(a);
    for (let request = 0; request < 6; request++) expect((await fetch(setup.url())).status).toBe(200);
    const counters = await setup.ingress.counters();
    expect(counters).toMatchObject({ total: 6, failed: 0 });
    expect(counters.retried).toBeLessThanOrEqual(1);
  });

  it('does not count a client that goes away as failed', async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    // Not by fetch: it connects anew after an abort, and that counts as a connection.
    const leaving = request(`${setup.url()}/held`).on('error', () => {});
    leaving.end();
    // Nothing is answered yet: the replica has the request once HAProxy holds a connection to it.
    await setup.sessions(1, SESSIONS.ofReplicas);
    leaving.destroy();
    await setup.release(replica);
    expect(await setup.ingress.drain(replica.container, { timeoutMs: 300_000 })).toBe(true);
    expect(await setup.ingress.counters()).toMatchObject({ total: 1, failed: 0 });
  });

  it('serves every port of the service from the same slots', async () => {
    await using setup = await setupIngress(engine, {
      ...emptyState,
      ports: [
        { port: 3000, mode: 'auto' },
        { port: 3001, mode: 'tcp' },
      ],
    });
    const replica = await setup.startReplica('a', { SECOND_PORT: '3001' });
    await setup.ingress.admit(replica.container, replica.addresses);
    expect((await fetch(setup.url(3000))).status).toBe(200);
    expect((await fetch(setup.url(3001))).status).toBe(200);
  });

  it('runs before any port is known, and serves those it is told of', async () => {
    await using setup = await setupIngress(engine, { ...emptyState, ports: [] });
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    await setup.ingress.configure(() => emptyState);
    expect((await fetch(setup.url())).status).toBe(200);
  });

  it('carries TCP, and drains a connection until it ends', async () => {
    await using setup = await setupIngress(engine, { ...emptyState, ports: [{ port: 3000, mode: 'tcp' }] });
    const [a, b] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(a.container, a.addresses);
    const socket = connect(Number(new URL(setup.url()).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    await setup.ingress.admit(b.container, b.addresses);
    expect(await setup.ingress.drain(a.container, { timeoutMs: 500 })).toBe(false);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await setup.ingress.drain(a.container, { timeoutMs: 300_000 })).toBe(true);
    expect(await setup.ingress.counters()).toMatchObject({ failed: 0, retried: 0 });
  });
});
