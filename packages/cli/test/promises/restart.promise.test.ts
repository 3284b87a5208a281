import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { testContext } from '../rollout/test-context.ts';
import { FEW_CLIENTS } from './few-clients.ts';
import { deploy, expectAllServing, ingressOf, restart } from './restarting.ts';

// A restart of the whole engine is in engine-restart.engine.test.ts.
describeEngine('a container that restarts', (engine) => {
  it('serves again without lobbie, whichever it is', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const deployed = await deploy(context, port);
    const load = await startLoad({ url: `http://localhost:${port}/`, ...FEW_CLIENTS, posts: 0 });
    for (const { container } of deployed.replicas) {
      await restart(engine, container);
      await expectAllServing(context, port);
    }
    // With one of two replicas away at a time, the other one answers for both.
    const { failed, failures, total } = await load.stop();
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
    expect(total).toBeGreaterThan(100);

    await restart(engine, await ingressOf(context));
    await expectAllServing(context, port);
    expect(await deploy(context, port)).toMatchObject({ outcome: 'unchanged', replicas: deployed.replicas });
  });
});
