import { expect, it } from 'vitest';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { discoveredProject } from '../rollout/discovered-project.ts';
import { expectNothingLost } from '../rollout/expect-nothing-lost.ts';
import { startFindingProxy } from '../rollout/finding-proxy.ts';
import { testContext } from '../rollout/test-context.ts';
import type { TestProjectOptions } from '../rollout/test-project.ts';

describeEngine('a reverse proxy that finds containers by labels and environment', (engine) => {
  it('loses no request and changes no route while a service is rolled out', async () => {
    await using proxy = await startFindingProxy(engine);
    await using context = testContext(engine);
    const discoverer = await proxy.follow(context.project);
    const roll = (options: Partial<TestProjectOptions>, recreate: string[] = []): Promise<Receipt> =>
      rollOut(context, {
        project: discoveredProject(context, proxy.network, options),
        command: 'deploy',
        recreate,
        asDeployed: false,
      });
    await roll({ version: 'old' });
    await discoverer.settle();
    const { traefik } = discoverer.routes;
    const address = traefik['api.test']?.[0];
    expect(discoverer.routes).toEqual({
      traefik: { 'api.test': [expect.stringMatching(/:3000$/)] },
      nginxProxy: { 'api.test': [address] },
      caddy: { 'api.test': [address] },
    });
    discoverer.forget();
    const load = await startLoad({
      url: proxy.urlOf('traefik', 'api.test'),
      keepAlive: 6,
      fresh: 4,
      posts: 0.2,
      pauseMs: 40,
    });
    const receipts = [
      await roll({ version: 'new' }),
      await roll({ version: 'new' }, ['api']),
      await roll({ version: 'new', replicas: 1 }),
    ];
    await load.pass(100);
    const result = await load.stop();
    await discoverer.settle();
    expect(receipts.map(({ outcome, warnings }) => ({ outcome, warnings }))).toEqual(
      receipts.map(() => ({ outcome: 'deployed', warnings: [] })),
    );
    expect(Object.keys(result.bodies).toSorted()).toEqual(['new', 'old'].map((version) => JSON.stringify({ version })));
    await expectNothingLost(context, result);
    // Replicas came and went, and each time it looked.
    expect(discoverer.looks).toBeGreaterThan(10);
    expect(discoverer.changes).toEqual([]);
  });
});
