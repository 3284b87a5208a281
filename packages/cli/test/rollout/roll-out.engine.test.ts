import { expect, it } from 'vitest';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { describeEngine } from '../engine-available.ts';
import { testContext } from './test-context.ts';
import { testProject } from './test-project.ts';

describeEngine('rollOut', (engine) => {
  it('deploys, finds nothing to do, and replaces every replica when asked', async () => {
    await using context = testContext(engine);
    const project = testProject({ name: context.project, history: context.history });
    const request = { project, command: 'deploy', recreate: [], asDeployed: false };

    const first = await rollOut(context, request);
    expect(first).toMatchObject({ outcome: 'deployed', warnings: [] });
    expect(first.replicas.map(({ replica }) => replica)).toEqual(['api-1', 'api-2']);
    const again = await rollOut(context, request);
    expect(again).toMatchObject({ outcome: 'unchanged', release: first.release, replicas: first.replicas });

    const recreated = await rollOut(context, { ...request, recreate: ['api'] });
    expect(recreated.outcome).toBe('deployed');
    expect(recreated.replicas.map(({ replaced }) => replaced)).toEqual(
      first.replicas.map(({ container, file }) => ({ container, file })),
    );
    expect(await fetch(`${recreated.url[0]}/`).then((answer) => answer.json())).toEqual({ version: '1' });
  });
});
