import { expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { testContext } from '../rollout/test-context.ts';
import { deploy, expectNothingElse, served } from './after-a-kill.ts';
import { FEW_CLIENTS } from './few-clients.ts';
import { runChild } from './run-child.ts';
import { watchContainers } from './watch-containers.ts';

/** A moment of a deploy at which its first new replicas have been started. */
const MIDWAY = 20;

// A kill at every step is in killed.engine.test.ts.
describeEngine('a deploy that is killed in its middle', (engine) => {
  it('leaves the old or the new version serving, and the next deploy finishes it and loses nothing', async () => {
    await using context = testContext(engine);
    const seen = watchContainers(context);
    const port = await freePort();
    seen.add(await deploy(context, { version: 'old', port }));
    const load = await startLoad({ url: `http://localhost:${port}/`, ...FEW_CLIENTS });
    const order = { command: 'deploy', name: context.project, history: context.history, port } as const;
    expect(await runChild({ ...order, version: 'new', at: MIDWAY })).toBeUndefined();
    await seen.look();
    expect(['old', 'new']).toContain(await served(port));
    const receipt = await deploy(context, { version: 'new', port });
    expect(receipt).toMatchObject({ outcome: 'deployed', warnings: [] });
    seen.add(receipt);
    expect(await served(port)).toBe('new');
    await expectNothingElse(context, receipt);
    await load.pass(100);
    const { failed, failures } = await load.stop();
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
    await seen.expectInHistory();
    await seen.expectNoVolumeLeft();
  });
});
