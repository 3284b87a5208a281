import { expect, it } from 'vitest';
import { status } from '../../src/commands/status.ts';
import { exitStatusOf } from '../../src/exit-status.ts';
import { describeEngine } from '../engine-available.ts';
import { commandContext } from '../promises/command-context.ts';
import { aService } from '../rollout/a-service.ts';
import { deployServices } from '../rollout/deploy-services.ts';
import { testContext } from '../rollout/test-context.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';

/** Ends with exit status 0 when the engine stops it, as one does that was restarted. */
const worker = aService('worker', {
  image: NODE_IMAGE,
  entrypoint: ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 0.1; done'],
  restart: { name: 'no' },
  restartUnsaid: true,
});
/** Its gate ends when it has ended, so that it has always ended when its release is committed. */
const seed = aService('seed', {
  ...worker,
  name: 'seed',
  entrypoint: ['true'],
  update: { ...worker.update, monitorMs: 600_000 },
});

describeEngine('a service without a restart policy', (engine) => {
  it('has stopped where it ended after its release, and is started again by the next deploy', async () => {
    await using context = testContext(engine);
    const deploy = () => deployServices(context, [worker, seed]);
    const check = () => status(commandContext(context), { check: true });
    await deploy();
    expect(await check()).toMatchObject({ asDeployed: true, problems: [] });
    expect(await deploy()).toMatchObject({ outcome: 'unchanged' });

    const [running] = (await check()).replicas.filter(({ service }) => service === 'worker');
    await engine.stopContainer(running?.container ?? '', 60_000);
    const found = await check();
    expect(exitStatusOf(found)).toBe(8);
    expect(found.problems).toEqual([
      expect.stringMatching(/^worker-1 has exited with status 0\. .* no restart policy/),
    ]);
    const stateOf = ({ service, state, exitCode, problem }: (typeof found.replicas)[number]) =>
      [service, state, exitCode, problem === null] as const;
    expect(found.replicas.map(stateOf).toSorted()).toEqual([
      ['seed', 'exited', 0, true],
      ['worker', 'exited', 0, false],
    ]);

    expect(await deploy()).toMatchObject({ outcome: 'deployed' });
    expect(await check()).toMatchObject({ asDeployed: true });
  });
});
