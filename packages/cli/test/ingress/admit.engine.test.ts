import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { setupIngress } from './setup-ingress.ts';

describeEngine('admitting and draining replicas', (engine) => {
  it('sends requests to each admitted replica, on the first request after the admission already', async () => {
    await using setup = await setupIngress(engine);
    const replica = await setup.startReplica('a');
    await setup.ingress.admit(replica.container, replica.addresses);
    const answer = await fetch(setup.url());
    expect(answer.status).toBe(200);
    expect((await setup.reopen()).state.slots.filter(Boolean)).toEqual([
      { container: replica.container, state: 'ready' },
    ]);
  });

  it('admits ten replicas side by side as one would be admitted, not one after the other', async () => {
    await using setup = await setupIngress(engine);
    const replicas = await Promise.all(Array.from({ length: 10 }, (_, index) => setup.startReplica(`r${index}`)));
    await Promise.all(replicas.map(({ container, addresses }) => setup.ingress.admit(container, addresses)));
    const answers = new Set<string>();
    for (let request = 0; request < 40; request++) answers.add(await (await fetch(setup.url())).text());
    expect(answers.size).toBe(10);
  });

  it('loses no request over hundreds of attachments under load', async () => {
    await using setup = await setupIngress(engine);
    const replicas = await setup.startReplicas('a', 'b', 'c');
    const [first, ...others] = replicas;
    await setup.ingress.admit(first.container, first.addresses);
    const load = await startLoad({
      url: setup.url(),
      keepAlive: 16,
      fresh: 8,
      connectionClose: 8,
      posts: 0.3,
      pauseMs: 10,
    });
    for (let cycle = 0; cycle < 60; cycle++) {
      await Promise.all(others.map(({ container, addresses }) => setup.ingress.admit(container, addresses)));
      const drains = others.map(({ container }) => setup.ingress.drain(container, { timeoutMs: 300_000 }));
      expect(await Promise.all(drains)).toEqual([true, true]);
      await Promise.all(others.map(({ container }) => setup.ingress.free(container)));
    }
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.total).toBeGreaterThan(1000);
  });
});
