import { randomUUID } from 'node:crypto';
import type { ContainerSpec } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';

/**
 * Makes a container for one short act, lends it and removes it. It is named apart and labelled, so that one whose
 * maker was killed is found by the next command.
 */
export async function onErrand<T>(
  engine: Engine,
  project: string,
  spec: Omit<ContainerSpec, 'name' | 'labels' | 'networks'>,
  act: (container: string) => Promise<T>,
): Promise<T> {
  const id = await engine.createContainer({
    ...spec,
    name: `${project}-lobbie-errand-${randomUUID().slice(0, 8)}`,
    labels: { [LABEL.project]: project, [LABEL.role]: 'errand' },
    networks: [],
  });
  try {
    return await act(id);
  } finally {
    await engine.removeContainer(id, { force: true });
  }
}

/** Removes what a killed command left; asked by the holder of the lease, who has none under way. */
export async function clearErrands(engine: Engine, project: string): Promise<void> {
  const left = await engine.listContainers({ [LABEL.project]: project, [LABEL.role]: 'errand' });
  await Promise.all(left.map(({ id }) => engine.removeContainer(id, { force: true })));
}
