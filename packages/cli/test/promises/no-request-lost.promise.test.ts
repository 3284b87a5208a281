import { expect, it } from 'vitest';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { deployServices } from '../rollout/deploy-services.ts';
import { expectNothingLost } from '../rollout/expect-nothing-lost.ts';
import { stateService } from '../rollout/state-service.ts';
import { testContext } from '../rollout/test-context.ts';
import { type TestProjectOptions, testProject } from '../rollout/test-project.ts';
import { FEW_CLIENTS } from './few-clients.ts';

describeEngine('no request is lost', (engine) => {
  it('by a deploy, a recreate and a scale of a start-first service', async () => {
    await using context = testContext(engine);
    const roll = (options: Partial<TestProjectOptions>, recreate: string[] = []): Promise<Receipt> =>
      rollOut(context, {
        project: testProject({ name: context.project, history: context.history, ...options }),
        command: 'deploy',
        recreate,
        asDeployed: false,
      });
    const first = await roll({ version: 'old' });
    const load = await startLoad({ url: `${first.url[0]}/`, ...FEW_CLIENTS });
    const receipts = [
      await roll({ version: 'new' }),
      await roll({ version: 'new' }, ['api']),
      await roll({ version: 'new', replicas: 3 }),
      await roll({ version: 'new', replicas: 1 }),
    ];
    await load.pass(100);
    const result = await load.stop();
    for (const receipt of receipts)
      expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [], requests: { failed: 0 } });
    expect(receipts.map(({ replicas }) => replicas.length)).toEqual([2, 2, 3, 1]);
    expect(Object.keys(result.bodies).toSorted()).toEqual(['new', 'old'].map((version) => JSON.stringify({ version })));
    await expectNothingLost(context, result);
  });

  it('by a deploy of a stop-first service: requests wait while it changes hands', async () => {
    await using context = testContext(engine);
    const first = await deployServices(context, [stateService(context)]);
    const load = await startLoad({ url: `${first.url[0]}/`, ...FEW_CLIENTS });
    const second = await deployServices(context, [stateService(context, { VERSION: '2' })]);
    await load.pass(100);
    const result = await load.stop();
    expect(second).toMatchObject({ outcome: 'deployed', warnings: [], requests: { failed: 0 } });
    expect({ failed: result.failed, failures: result.failures }).toEqual({ failed: 0, failures: [] });
    expect(Object.keys(result.bodies)).toHaveLength(2);
    // What was written before the change of hands is there after it, each once.
    const posts: unknown = await (await fetch(`${first.url[0]}/posts`)).json();
    expect((posts as string[]).toSorted()).toEqual([...result.posts.sent].toSorted());
  });
});
