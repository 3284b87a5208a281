import { randomUUID } from 'node:crypto';
import { ownContainers } from '../../ledger/own-containers.ts';
import { CONFINED } from '../../model/confined.ts';
import type { ContainerSpec } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { errandName, LABEL } from '../../model/names.ts';

/** What an errand runs, on what, and the capabilities that it needs. */
export type ErrandSpec = Pick<
  ContainerSpec,
  'image' | 'platform' | 'user' | 'entrypoint' | 'command' | 'environment' | 'mounts' | 'capAdd' | 'networkMode'
>;

/**
 * Creates a container for one short task, uses it and removes it. Its name and labels let the next command find it if
 * this one is killed. It has no network unless it shares one, only the given capabilities, and can write only to its
 * mounts.
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

/** Removes errands of a killed command. Called by the holder of the lease, who has no errand running. */
export async function clearErrands(engine: Engine, project: string): Promise<void> {
  const left = await ownContainers(engine, project, { [LABEL.role]: 'errand' });
  await Promise.all(left.map(({ id }) => engine.removeContainer(id, { force: true })));
}
