import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { type IngressSetup, setupIngress } from './setup-ingress.ts';

describeEngine('a replica that closes a connection when the next request is sent on it', (engine) => {
  let setup: IngressSetup;
  beforeAll(async () => {
    setup = await setupIngress(engine);
    const replica = await setup.startReplica('a', { ONCE: '1' });
    await setup.ingress.admit(replica.container, replica.addresses);
  });
  afterAll(async () => {
    await setup?.[Symbol.asyncDispose]();
  });

  it('loses no POST by it where the machine is so busy that the ingress notices it late', async () => {
    await using busy = await setupIngress(engine);
    const replicas = await Promise.all(['a', 'b'].map((name) => busy.startReplica(name, { IDLE_MS: '300' })));
    for (const { container, addresses } of replicas) await busy.ingress.admit(container, addresses);
    // Its connections are those that become idle.
    const others = await startLoad({ url: busy.url(), keepAlive: 40, pauseMs: 120 });
    const load = await startLoad({ url: busy.url(), keepAlive: 30, posts: 1, pauseMs: 120 });
    const stall =
      'worker=$(cat /proc/1/task/1/children); for i in $(seq 12); do kill -STOP $worker; sleep 0.7; kill -CONT $worker; sleep 0.3; done';
    await busy.run(['sh', '-c', stall]);
    const { failed, failures } = await load.stop();
    await others.stop();
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
  });

  it.each(['POST', 'PATCH', 'PUT', 'GET', 'DELETE'])(
    'loses no %s by it, of a client that keeps its connection',
    async (method) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ports = new Set<number>();
      for (let at = 0; at < 20; at += 1) {
        // Others leave a connection behind.
        await fetch(setup.url());
        const asked = request(`${setup.url()}/headers`, { agent, method }).end(
          method.startsWith('P') ? 'body' : undefined,
        );
        const [answer] = await once(asked, 'response');
        expect(answer.statusCode).toBe(200);
        ports.add(answer.socket.localPort);
        const headers = JSON.parse(await text(answer));
        expect(headers['x-forwarded-proto']).toBe('http');
        if (method === 'POST') expect(headers.connection).toBe('close');
      }
      expect(ports.size).toBe(1);
      agent.destroy();
    },
  );
});
