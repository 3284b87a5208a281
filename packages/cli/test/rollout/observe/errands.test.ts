import { expect, it } from 'vitest';
import { CONFINED } from '../../../src/model/confined.ts';
import type { ContainerSpec } from '../../../src/model/container.ts';
import { LABEL } from '../../../src/model/names.ts';
import { clearErrands, onErrand } from '../../../src/rollout/observe/errands.ts';
import { addPoser } from '../../ledger/poser.ts';
import { scriptedEngine } from '../scripted-engine.ts';

it('has no network, no rights but those that are named, and nothing to write to', async () => {
  const engine = scriptedEngine();
  const made: ContainerSpec[] = [];
  const createContainer = (spec: ContainerSpec): Promise<string> => {
    made.push(spec);
    return engine.createContainer(spec);
  };
  const given = { image: 'app:1', capAdd: ['FOWNER'], readOnly: false };
  await onErrand({ ...engine, createContainer }, 'p', given, async () => undefined);
  expect(made).toEqual([
    {
      image: 'app:1',
      capAdd: ['FOWNER'],
      ...CONFINED,
      networks: [],
      name: expect.stringMatching(/^p-lobbie-errand-[0-9a-f]{8}$/),
      labels: { [LABEL.project]: 'p', [LABEL.role]: 'errand' },
    },
  ]);
  expect(CONFINED).toMatchObject({ capDrop: ['ALL'], securityOpt: ['no-new-privileges'], readOnly: true });
  expect(engine.containers()).toEqual([]);
});

it('clears those that a killed command left, and none that only looks so', async () => {
  const engine = scriptedEngine();
  const labels = { [LABEL.project]: 'p', [LABEL.role]: 'errand' };
  await engine.createContainer({ name: 'p-lobbie-errand-1', image: 'app:1', labels, networks: [] });
  await addPoser(engine, 'p-lobbie-errand-2', { [LABEL.role]: 'errand' });
  await engine.createContainer({ name: 'p-errand', image: 'app:1', labels, networks: [] });
  await clearErrands(engine, 'p');
  expect(engine.containers().map(({ name }) => name)).toEqual(['p-lobbie-errand-2', 'p-errand']);
});
