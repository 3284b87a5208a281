import { expect } from 'vitest';
import { history } from '../../src/commands/history.ts';
import { LABEL, ledgerVolumeName } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import type { TestContext } from '../rollout/test-context.ts';
import { down, isLease } from './after-a-kill.ts';
import { volumesOf } from './ask-engine.ts';
import { commandContext } from './command-context.ts';

/** Remembers every container and volume that was there, for whether the history has the ones and nobody the others. */
export function watchContainers(context: TestContext) {
  const { engine, project } = context;
  const ran = new Set<string>();
  const volumes = new Set<string>();
  return {
    add({ replicas }: Receipt) {
      for (const { container } of replicas) ran.add(container);
    },
    async look() {
      const containers = await engine.listContainers({ [LABEL.project]: project });
      for (const { name, labels, state } of containers)
        if (labels[LABEL.role] === 'replica' && state === 'running') ran.add(name);
      const ids = containers.filter((one) => !isLease(one)).map(({ id }) => id);
      for (const volume of await volumesOf(engine, ids)) volumes.add(volume);
    },
    async expectInHistory() {
      const { containers } = await history(commandContext(context), undefined);
      expect(containers.map(({ container }) => container)).toEqual(expect.arrayContaining([...ran]));
      for (const { started, ended, running } of containers) {
        expect(started).not.toBeNull();
        expect(running || ended !== null).toBe(true);
      }
    },
    async expectNoVolumeLeft() {
      await down(context);
      const left = await Promise.all(
        [...volumes].map(async (name) => ((await engine.inspectVolume(name)) ? [name] : [])),
      );
      expect(left.flat()).toEqual([ledgerVolumeName(project)]);
    },
  };
}
