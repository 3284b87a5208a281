import { expect, it } from 'vitest';
import { status } from '../../src/commands/status.ts';
import type { Engine } from '../../src/model/engine.ts';
import { killContainer } from '../engine/past-lobbie.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { testContext } from '../rollout/test-context.ts';
import { askEngine } from './ask-engine.ts';
import { commandContext } from './command-context.ts';
import { deploy, expectAllServing, ingressOf, served } from './restarting.ts';

describeEngine('a container that restarts', (engine) => {
  it('comes back from a crash of its process, whichever it is', async ({ skip }) => {
    skip(process.getuid?.() !== 0 || !engine.endpoint.local, 'only root kills what runs in a container');
    await using context = testContext(engine);
    const port = await freePort();
    const deployed = await deploy(context, port);
    for (const container of [...deployed.replicas.map((replica) => replica.container), await ingressOf(context)]) {
      const before = await engine.inspectContainer(container);
      process.kill(await pidOf(engine, container), 'SIGKILL');
      await expect
        .poll(async () => (await engine.inspectContainer(container))?.startedAtMs)
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

async function pidOf(engine: Engine, container: string): Promise<number> {
  const details = (await askEngine(engine, `/containers/${container}/json`)) as { State: { Pid: number } };
  if (!(details.State.Pid > 1)) throw new Error(`${container} does not run`);
  return details.State.Pid;
}
