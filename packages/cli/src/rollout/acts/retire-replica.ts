import { isOwnContainer } from '../../ledger/own-containers.ts';
import type { ContainerDetails } from '../../model/container.ts';
import type { Engine } from '../../model/engine.ts';
import { LABEL } from '../../model/names.ts';
import type { ActOf } from '../../model/step.ts';
import { clearFileVolumesOf, fileVolumesOf } from '../files/file-volumes.ts';
import type { Given } from '../given/given.ts';
import { recordEnd } from '../record/record-end.ts';

/**
 * Stops a container that gets no more requests, records how it ended, and removes it. Anonymous volumes that its
 * successor did not inherit stay.
 */
export async function retireReplica(
  { engine, ledger, projectName, release, clock }: Given,
  { container, input: { graceMs, isJob } }: ActOf<'retire-replica'>,
): Promise<void> {
  const before = await engine.inspectContainer(container);
  // Another container may have the name that a failed start wanted. Undoing that does not touch it.
  if (before === undefined || !(await isOwnContainer(engine, projectName, before, ledger))) return;
  await engine.stopContainer(before.id, graceMs);
  const ended = await engine.inspectContainer(before.id);
  await recordEnd(ledger, [before, ended], clock.now());
  // A container that was never in a release, and a job's own volumes, contain no data to keep.
  const isScratch = before.labels[LABEL.release] === release || isJob;
  if (isScratch) await engine.removeContainer(before.id, { force: true });
  else await removeReplica(engine, before);
}

/**
 * Removes a container of a service. Its anonymous volumes stay, because they may contain data. Only those that lobbie
 * made for its configs and secrets are removed.
 */
export async function removeReplica(engine: Engine, container: ContainerDetails): Promise<void> {
  const ofFiles = await fileVolumesOf(engine, container);
  await engine.removeContainer(container.id, { force: true, keepVolumes: true });
  await clearFileVolumesOf(engine, ofFiles);
}
