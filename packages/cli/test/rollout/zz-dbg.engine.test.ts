import { it } from 'vitest';
import { execSync } from 'node:child_process';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { testContext } from './test-context.ts';
import { testProject } from './test-project.ts';
import { freePort } from '../free-port.ts';
describeEngine('dbg', (engine) => {
  it('x', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const project = testProject({ name: context.project, history: context.history, port });
    const request = { project, command: 'deploy', recreate: [], asDeployed: false };
    const first = await rollOut(context, request);
    console.log(first.url);
    const [ingress] = await engine.listContainers({ 'dev.lobbie.project': context.project, 'dev.lobbie.role': 'ingress' });
    await engine.stopContainer(ingress?.id ?? '', 10_000);
    await engine.startContainer(ingress?.id ?? '');
    await new Promise(r => setTimeout(r, 2000));
    console.log(await (await fetch(first.url[0])).text());
    context.events.length = 0;
    const second = await rollOut(context, {...request, recreate: ['api']});
    console.log(second.url, second.requests, second.error);
    console.log(await (await fetch(first.url[0])).text().catch(String));
    let t0 = context.events[0].timeMs;
    for (const e of context.events) console.log(e.timeMs - t0, e.type, e.step?.kind, e.step?.container, e.seconds, e.step?.reason, e.message ?? '');
    console.log(execSync('docker logs ' + ingress.id + ' 2>&1 | tail -20').toString());
  });
});
