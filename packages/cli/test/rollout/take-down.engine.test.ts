import { expect, it } from 'vitest';
import type { Project } from '../../src/model/project.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { takeDown } from '../../src/rollout/take-down.ts';
import { describeEngine } from '../engine-available.ts';
import { lightProject } from '../promises/light-project.ts';
import { type TestContext, testContext } from './test-context.ts';

describeEngine('down', (engine) => {
  it('removes a network and a volume that only an earlier release had', async () => {
    await using context = testContext(engine);
    const { project } = context;
    const [back, old] = [`${project}_back`, `${project}_old`];
    const options = { name: project, history: context.history, replicas: 1 };
    const now = lightProject(options);
    const mounts = [{ kind: 'volume', source: old, target: '/old', readOnly: false } as const];
    const networks = ['default', 'back'].map((key) => ({ key, aliases: [] }));
    const before = lightProject({ ...options, service: { networks, mounts } });
    await deploy(context, {
      ...before,
      networks: [...before.networks, { key: 'back', name: back, external: false }],
      volumes: [{ key: 'old', name: old, external: false }],
    });
    await deploy(context, now);
    expect(await engine.inspectNetwork(back)).toBeDefined();

    const { removed, kept } = await takeDown(context, project, { removeHistory: true, removeVolumes: true });
    expect(removed).toEqual(expect.arrayContaining([`network ${back}`, `volume ${old}`]));
    expect(kept.filter((what) => /^(network|volume)/.test(what))).toEqual([]);
    expect(await engine.inspectNetwork(back)).toBeUndefined();
    expect(await engine.inspectVolume(old)).toBeUndefined();
  });
});

async function deploy(context: TestContext, project: Project): Promise<void> {
  const receipt = await rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
  expect(receipt).toMatchObject({ outcome: 'deployed' });
}
