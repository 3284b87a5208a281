import { expect, it } from 'vitest';
import { leaseHolder } from '../../src/ledger/lease.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { testContext } from '../rollout/test-context.ts';
import { lightProject } from './light-project.ts';
import { type Order, runChild, startChild } from './run-child.ts';

/** Moment in a deploy of another version at which its steps have begun and none of the old containers is gone. */
const MIDWAY = 8;

describeEngine('the lease', (engine) => {
  it('lets one of five first deploys go ahead, and the others say who does', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const order: Order = { command: 'deploy', name: context.project, history: context.history, port };
    const results = await Promise.all([1, 2, 3, 4, 5].map((n) => runChild({ ...order, holder: `holder ${n}` })));
    const told = results.map((result) => result?.code ?? result?.outcome);
    expect(told.filter((one) => one === 'deployed')).toHaveLength(1);
    expect(told.filter((one) => one !== 'deployed' && one !== 'unchanged' && one !== 'LEASE_TAKEN')).toEqual([]);
    for (const result of results) if (result?.code === 'LEASE_TAKEN') expect(result.message).toMatch(/holder [1-5]/);
    // All of them agree on what is deployed: a fingerprint made with another's key would replace it again.
    expect(await runChild(order)).toMatchObject({ outcome: 'unchanged' });
  });

  it('keeps a rival out with the name of its holder, and is free when that is killed', async () => {
    await using context = testContext(engine);
    const port = await freePort();
    const order: Order = { command: 'deploy', name: context.project, history: context.history, port };
    expect(await runChild(order)).toMatchObject({ outcome: 'deployed' });
    const child = startChild({
      ...order,
      version: '2',
      at: MIDWAY,
      signal: 'SIGSTOP',
      holder: 'ann@box, lobbie deploy',
    });
    await child.stopping;
    const deploy = () =>
      rollOut(context, {
        project: lightProject({ name: context.project, history: context.history, version: '3', port }),
        command: 'deploy',
        recreate: [],
        asDeployed: false,
      });
    await expect(deploy()).rejects.toMatchObject({
      code: 'LEASE_TAKEN',
      message: expect.stringContaining('ann@box, lobbie deploy'),
    });
    child.process.kill('SIGKILL');
    await expect.poll(() => leaseHolder(engine, context.project, context.clock)).toBeUndefined();
    expect(await deploy()).toMatchObject({ outcome: 'deployed', warnings: [] });
  });
});
