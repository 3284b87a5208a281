import { expect, it } from 'vitest';
import { testPlace } from '../cli/test-place.ts';
import { runContainer } from '../engine/test-container.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { callingOnce } from './calling-once.ts';

describeEngine('a client that looked a name up once', (engine) => {
  it('is right about it through rollouts, the re-creation of the ingress, and while others come and go', async () => {
    await using place = testPlace(engine);
    const project = callingOnce(engine, place);
    const env = { APP_PORT: String(await freePort()) };
    expect(await project.deploy(env)).toMatchObject({ outcome: 'deployed' });
    expect(await project.answers()).toEqual(['app 1', 'store 1']);
    const caller = await project.containerOf('caller');

    const newer = { ...env, APP_VERSION: '2', STORE_VERSION: '2' };
    expect(await project.deploy(newer)).toMatchObject({ outcome: 'deployed' });
    expect(await project.answers()).toEqual(['app 2', 'store 2']);

    const before = await project.containerOf('app', 'ingress');
    const moved = { ...newer, APP_PORT: String(await freePort()) };
    expect(await project.deploy(moved)).toMatchObject({ outcome: 'deployed' });
    const ingress = await project.containerOf('app', 'ingress');
    expect(ingress).not.toBe(before);
    expect(await project.answers()).toEqual(['app 2', 'store 2']);

    const store = await project.containerOf('store');
    const others: string[] = [];
    try {
      await Promise.all([ingress, store].map((id) => engine.stopContainer(id, 10_000)));
      for (const name of ['one', 'two', 'three'])
        others.push(
          await runContainer(engine, {
            name: `${place.project}-${name}`,
            networks: [{ name: `${place.project}_default`, aliases: [] }],
          }),
        );
      await Promise.all([ingress, store].map((id) => engine.startContainer(id)));
      await expect.poll(() => project.answers().catch(() => [])).toEqual(['app 2', 'store 2']);
    } finally {
      for (const id of others) await engine.removeContainer(id, { force: true });
    }
    expect(await project.containerOf('caller')).toBe(caller);
  });
});
