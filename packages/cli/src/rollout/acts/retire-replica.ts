import { isOwnContainer } from '../../ledger/own-containers.ts';
import { LABEL } from '../../model/names.ts';
import type { ReplicaId } from '../../model/service.ts';
import { knownService, type RolloutContext } from '../context.ts';
import { recordEnd } from '../record/record-end.ts';
import { removeReplica } from './remove-replica.ts';

/** The engine's own, for containers of services that the project no longer has. */
const DEFAULT_GRACE_MS = 10_000;

/**
 * Stops a container that no request reaches any more, writes down how it ended, and removes it. Anonymous volumes that
 * its successor did not take over stay.
 */
export async function retireReplica(context: RolloutContext, replica: ReplicaId, container: string): Promise<void> {
  const { engine, ledger, project, release, clock } = context;
  const before = await engine.inspectContainer(container);
  // A foreign container may have the name that a failed start wanted: undoing that leaves it alone.
  if (before === undefined || !(await isOwnContainer(engine, project.name, before, ledger))) return;
  await engine.stopContainer(before.id, graceOf(context, replica.service));
  const ended = await engine.inspectContainer(before.id);
  await recordEnd(ledger, [before, ended], clock.now());
  // A container that was in no release, and a job's own volumes, hold no data to keep.
  const isScratch = before.labels[LABEL.release] === release || knownService(context, replica.service)?.job === true;
  if (isScratch) await engine.removeContainer(before.id, { force: true });
  else await removeReplica(engine, before);
}

/** Milliseconds that a container of a service gets to stop by itself. */
export const graceOf = (context: RolloutContext, service: string): number =>
  knownService(context, service)?.stopGracePeriodMs ?? DEFAULT_GRACE_MS;
