import { expect, it } from 'vitest';
import { runContainer } from '../engine/test-container.ts';
import { describeEngine, TEST_IMAGE } from '../engine-available.ts';
import { findLeftovers } from './find-leftovers.ts';
import { RUN_LABELS, runName } from './run-name.ts';
import { watchVolumes } from './watch-volumes.ts';

describeEngine('what a run of the tests left', (engine) => {
  it('is found by name, by label and by the container that had it, and can be removed', async () => {
    const [container, network, volume, image] = ['container', 'network', 'volume', 'image'].map(runName) as [
      string,
      string,
      string,
      string,
    ];
    const watch = await watchVolumes(engine, container);
    await engine.createNetwork({ name: network, labels: {} });
    await engine.createVolume({ name: volume, labels: RUN_LABELS });
    await engine.importEmptyImage(`${image}:1`);
    await runContainer(engine, {
      name: container,
      labels: {},
      image: TEST_IMAGE,
      mounts: [{ kind: 'volume', target: '/anonymous', readOnly: false }],
    });
    await expect.poll(() => watch.seen.size).toBe(1);
    watch.close();
    const names = [container, network, volume, `${image}:1`, ...watch.seen];
    const found = async () => (await findLeftovers(engine, watch.seen)).filter(({ name }) => names.includes(name));
    const left = await found();
    expect(left.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const { remove } of left) await remove();
    expect(await found()).toEqual([]);
  });
});
