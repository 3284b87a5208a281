import { expect, it } from 'vitest';
import { backendNames, serverName } from '../../src/ingress/proxy-names.ts';
import { RUNTIME_SOCKET } from '../../src/ingress/runtime-socket.ts';
import { describeEngine } from '../engine-available.ts';
import { emptyState, setupIngress } from './setup-ingress.ts';

const WAITING = 20;
const LOOKS = 300;
const OUTAGE_MS = 20_000;

describeEngine('requests that wait in a rollout', (engine) => {
  it('are there afterwards, however often HAProxy is asked for its sessions meanwhile', async () => {
    await using setup = await setupIngress(engine, { ...emptyState, holdTimeoutMs: 600_000, outageTimeoutMs: 600_000 });
    const [old, next] = await setup.startReplicas('a', 'b');
    await setup.ingress.admit(old.container, old.addresses);
    await setup.ingress.drain(old.container, { timeoutMs: 60_000 });
    const answers = Array.from({ length: WAITING }, async () => (await fetch(setup.url())).status);
    const look = `echo "show sess" | socat - UNIX-CONNECT:${RUNTIME_SOCKET} >/dev/null || echo failed`;
    expect(await setup.run(['sh', '-c', `for i in $(seq ${LOOKS}); do ${look}; done`])).toBe('');
    await setup.ingress.admit(next.container, next.addresses);
    expect(await Promise.all(answers)).toEqual(Array(WAITING).fill(200));
    expect(await engine.inspectContainer(setup.container)).toMatchObject({ state: 'running', restartCount: 0 });
  });

  it('wait as long as in any outage, from the end of the rollout, when the new replica is gone at once', async () => {
    await using setup = await setupIngress(engine, {
      ...emptyState,
      holdTimeoutMs: 600_000,
      outageTimeoutMs: OUTAGE_MS,
    });
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    await setup.ingress.drain(replica.container, { timeoutMs: 60_000 });
    await engine.stopContainer(replica.container, 5000);
    const since = performance.now();
    const answers = Array.from({ length: WAITING }, async () => (await fetch(setup.url())).status);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS + 5000));
    // As in a rollout that admits a replica which is gone at once: its server takes requests, and is down.
    const servers = setup.ingress.state.ports.flatMap(backendNames).map((backend) => `${backend}/${serverName(0)}`);
    const acts = servers.flatMap((server) => [`set server ${server} state ready`, `set server ${server} health up`]);
    const said = `echo "${acts.join('; ')}" | socat - UNIX-CONNECT:${RUNTIME_SOCKET}`;
    expect((await setup.run(['sh', '-c', said])).trim()).toBe('');
    const over = performance.now();
    expect(await Promise.all(answers)).toEqual(Array(WAITING).fill(503));
    expect(performance.now() - over).toBeGreaterThan(OUTAGE_MS);
    expect(over - since).toBeGreaterThan(OUTAGE_MS);
    await engine.startContainer(replica.container);
    await setup.ingress.admit(replica.container, replica.addresses);
    expect((await fetch(setup.url())).status).toBe(200);
  });
});
