import { expect, it } from 'vitest';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { startLoad } from '../load.ts';
import { containersOf } from '../rollout/containers-of.ts';
import { expectNothingLost } from '../rollout/expect-nothing-lost.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { START_FIRST, type TestProjectOptions, testProject } from '../rollout/test-project.ts';
import { FEW_CLIENTS } from './few-clients.ts';

describeEngine('a rollout of which one replica fails', (engine) => {
  it('takes all replicas back when only the last one fails', async () => {
    await using context = testContext(engine);
    const deployed = await rollOut(context, requestFor(context, { version: 'good' }));
    const before = await containersOf(context);
    const load = await startLoad({ url: `${deployed.url[0]}/`, ...FEW_CLIENTS });
    // One at a time: the first new replica is admitted and its old one drained before the second one fails.
    const half = { version: 'bad', service: { update: { ...START_FIRST, parallelism: 1 } } } as const;
    const receipt = await rollOut(failStartOf(context, 'api-2'), requestFor(context, half));
    await load.pass(100);
    const result = await load.stop();
    expect(receipt).toMatchObject({ outcome: 'failed-restored', warnings: [] });
    expect(await containersOf(context)).toEqual(before);
    expect(Object.keys(result.bodies)).toContain(JSON.stringify({ version: 'bad' }));
    expect(await (await fetch(`${deployed.url[0]}/`)).json()).toEqual({ version: 'good' });
    await expectNothingLost(context, result);
  });
});

const requestFor = (context: TestContext, options: Omit<TestProjectOptions, 'name' | 'history'>) => ({
  project: testProject({ name: context.project, history: context.history, replicas: 2, ...options }),
  command: 'deploy',
  recreate: [],
  asDeployed: false,
});

/** An engine on which the container of one replica cannot be started. */
function failStartOf(context: TestContext, replica: string): TestContext {
  const startContainer = async (container: string): Promise<void> => {
    const details = await context.engine.inspectContainer(container);
    if (details?.name.includes(`-${replica}-`)) throw new Error('out of luck');
    return context.engine.startContainer(container);
  };
  return { ...context, engine: { ...context.engine, startContainer } };
}
