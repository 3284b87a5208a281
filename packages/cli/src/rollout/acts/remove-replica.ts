import type { ContainerDetails } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { clearFileVolumesOf, fileVolumesOf } from '../files/file-volumes.ts';

/**
 * Removes a container of a service. Its anonymous volumes stay, for they may hold data, but for those that lobbie made
 * for its configs and secrets.
 */
export async function removeReplica(engine: Engine, container: ContainerDetails): Promise<void> {
  const ofFiles = await fileVolumesOf(engine, container);
  await engine.removeContainer(container.id, { force: true, keepVolumes: true });
  await clearFileVolumesOf(engine, ofFiles);
}
