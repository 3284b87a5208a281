import { expect, it } from 'vitest';
import { testPlace } from '../cli/test-place.ts';
import { TEST_LABELS } from '../engine/test-container.ts';
import { describeEngine } from '../engine-available.ts';
import { freePort } from '../free-port.ts';
import { runName } from '../run/run-name.ts';
import { callingOnce } from './calling-once.ts';

describeEngine('in a network of others, whose addresses change', (engine) => {
  it('who looked a name up once is replaced when its address changes, and not otherwise', async () => {
    const network = runName('net');
    await engine.createNetwork({ name: network, labels: TEST_LABELS });
    try {
      await using place = testPlace(engine);
      const project = callingOnce(engine, place, `networks: { default: { external: true, name: ${network} } }`);
      const env = { APP_PORT: String(await freePort()) };
      expect(await project.deploy(env)).toMatchObject({ outcome: 'deployed' });
      const first = await project.containerOf('caller');

      // The ingress stays, and with it its address.
      const newer = { ...env, APP_VERSION: '2' };
      expect(await project.deploy(newer)).toMatchObject({ outcome: 'deployed' });
      expect(await project.answers()).toEqual(['app 2', 'store 1']);
      expect(await project.containerOf('caller')).toBe(first);

      const moved = { ...newer, APP_PORT: String(await freePort()) };
      expect(await project.deploy(moved)).toMatchObject({ outcome: 'deployed' });
      expect(await project.answers()).toEqual(['app 2', 'store 1']);
      const second = await project.containerOf('caller');
      expect(second).not.toBe(first);

      expect(await project.deploy({ ...moved, STORE_VERSION: '2' })).toMatchObject({ outcome: 'deployed' });
      expect(await project.answers()).toEqual(['app 2', 'store 2']);
      expect(await project.containerOf('caller')).not.toBe(second);
    } finally {
      await engine.removeNetwork(network);
    }
  });
});
