import { it } from 'vitest';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { testContext } from './test-context.ts';
import { testProject } from './test-project.ts';
describeEngine('dbg', (engine) => {
  it('x', async () => {
    await using context = testContext(engine);
    const project = testProject({ name: context.project, history: context.history, version: 'old', replicas: 1 });
    const request = { project, command: 'deploy', recreate: [], asDeployed: false };
    const first = await rollOut(context, request);
    console.log(first.url);
    context.events.length = 0;
    const second = await rollOut(context, {...request, project: testProject({ name: context.project, history: context.history, version: 'new', replicas: 1 })});
    console.log(second.url, second.requests);
    let t0 = context.events[0].timeMs;
    for (const e of context.events) console.log(e.timeMs - t0, e.type, e.step?.kind, e.step?.container, e.seconds, e.step?.reason, e.message ?? '');
  });
});
