import { randomUUID } from 'node:crypto';
import { ownContainers } from '../../ledger/own-containers.ts';
import { CONFINED } from '../../model/confined.ts';
import type { ContainerSpec } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { errandName, LABEL } from '../../model/names.ts';

/** What an errand runs, on what, and which rights it cannot do without. */
export type ErrandSpec = Pick<
  ContainerSpec,
  'image' | 'platform' | 'user' | 'entrypoint' | 'command' | 'environment' | 'mounts' | 'capAdd' | 'networkMode'
>;

/**
 * Makes a container for one short act, lends it and removes it. It is named apart and labelled, so that one whose
 * maker was killed is found by the next command. It has no network unless it shares one, no rights but those that are
 * named, and nothing to write to but its mounts.
 */
export async function onErrand<T>(
  engine: Engine,
  project: string,
  spec: ErrandSpec,
  act: (container: string) => Promise<T>,
): Promise<T> {
  const id = await engine.createContainer({
    ...spec,
    ...CONFINED,
    name: errandName(project, randomUUID().slice(0, 8)),
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
  const left = await ownContainers(engine, project, { [LABEL.role]: 'errand' });
  await Promise.all(left.map(({ id }) => engine.removeContainer(id, { force: true })));
}
