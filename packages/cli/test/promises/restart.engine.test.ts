import { expect, it } from 'vitest';
import { status } from '../../src/commands/status.ts';
import type { Engine } from '../../src/model/engine.ts';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { killContainer } from '../engine/past-lobbie.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { startLoad } from '../load.ts';
import { type TestContext, testContext } from '../rollout/test-context.ts';
import { askEngine } from './ask-engine.ts';
import { commandContext } from './command-context.ts';
import { lightProject } from './light-project.ts';

const FEW = { keepAlive: 2, fresh: 1, connectionClose: 1, pauseMs: 20 };

describeEngine('a container that restarts', (engine) => {
  it('serves again without lobbie, whichever it is', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const deployed = await deploy(context, port);
    const load = await startLoad({ url: `http://localhost:${port}/`, ...FEW });
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

  it('comes back from a crash of its process, whichever it is', async (test) => {
    if (process.getuid?.() !== 0 || !engine.endpoint.local) test.skip('only root can kill what runs in a container');
    await using context = testContext(engine);
    const port = await freePort();
    const deployed = await deploy(context, port);
    for (const container of [...deployed.replicas.map((replica) => replica.container), await ingressOf(context)]) {
      const before = await engine.inspectContainer(container);
      process.kill(await pidOf(engine, container), 'SIGKILL');
      await expect
        .poll(async () => (await engine.inspectContainer(container))?.startedAtMs, { timeout: 20_000 })
        .not.toBe(before?.startedAtMs);
      await expectAllServing(context, port);
    }
    expect(await deploy(context, port)).toMatchObject({ outcome: 'unchanged', replicas: deployed.replicas });
  });

  it('is told by status and made good by the next deploy when someone stopped it for good', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const [one, other] = (await deploy(context, port)).replicas.map(({ container }) => container);
    // To the engine that is a stop on purpose: it does not start it again.
    await killContainer(engine, one ?? '');
    expect(await served(port)).toBe(200);
    const { replicas } = await status(commandContext(context));
    expect(replicas.map(({ container, state }) => [container, state])).toEqual([
      [one, 'exited'],
      [other, 'running'],
    ]);
    const mended = await deploy(context, port);
    expect(mended).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(mended.replicas.map(({ container }) => container)).toContain(other);
    await killContainer(engine, await ingressOf(context));
    expect(await deploy(context, port)).toMatchObject({ outcome: 'deployed', warnings: [] });
    await expectAllServing(context, port);
  });
});

const deploy = (context: TestContext, port: number): Promise<Receipt> =>
  rollOut(context, {
    project: lightProject({ name: context.project, history: context.history, port }),
    command: 'deploy',
    recreate: [],
    asDeployed: false,
  });

/** As `docker restart` does. */
async function restart(engine: Engine, container: string): Promise<void> {
  await engine.stopContainer(container, 10_000);
  await engine.startContainer(container);
}

const served = async (port: number): Promise<number | undefined> =>
  fetch(`http://localhost:${port}/`).then(
    ({ status: code }) => code,
    () => undefined,
  );

/** Both replicas are up and in the ingress, and it answers; nobody called lobbie for that. */
async function expectAllServing(context: TestContext, port: number): Promise<void> {
  await expect.poll(() => served(port), { timeout: 20_000 }).toBe(200);
  const { replicas, warnings } = await status(commandContext(context));
  expect(warnings).toEqual([]);
  expect(replicas.map(({ state, admitted }) => ({ state, admitted }))).toEqual([
    { state: 'running', admitted: true },
    { state: 'running', admitted: true },
  ]);
  await expect.poll(() => upServers(context), { timeout: 20_000 }).toBe(2);
}

/** How many servers HAProxy itself says are up. */
async function upServers(context: TestContext): Promise<number> {
  const ask = ['sh', '-c', 'echo "show stat" | socat - UNIX-CONNECT:/run/haproxy/haproxy.sock'];
  const { output } = await context.engine.exec(await ingressOf(context), ask);
  return output.split('\n').filter((line) => /^port-\d+,s\d+,/.test(line) && line.split(',')[17] === 'UP').length;
}

async function ingressOf({ engine, project }: TestContext): Promise<string> {
  const [ingress] = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'ingress' });
  return ingress?.name ?? '';
}

async function pidOf(engine: Engine, container: string): Promise<number> {
  const details = (await askEngine(engine, `/containers/${container}/json`)) as { State: { Pid: number } };
  if (!(details.State.Pid > 1)) throw new Error(`${container} does not run`);
  return details.State.Pid;
}
