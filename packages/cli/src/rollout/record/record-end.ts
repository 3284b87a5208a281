import type { Ledger } from '../../ledger/ledger.ts';
import type { ContainerDetails } from '../../model/container.ts';
import { toReplica } from '../observe/observe.ts';

/**
 * Records how a container ended, before it is removed. If its record was lost, writes a full one. Marks a container
 * that never started, because the history lists only containers that ran.
 *
 * @param container before it stopped and after; the latter undefined if someone removed it meanwhile
 */
export async function recordEnd(
  ledger: Ledger,
  [before, after]: readonly [ContainerDetails, ContainerDetails | undefined],
  nowMs: number,
): Promise<void> {
  const last = after ?? before;
  const startedAtMs = last.startedAtMs ?? before.startedAtMs;
  const known = await ledger.readContainer(before.name);
  if (known === undefined && startedAtMs === undefined) return;
  const { replica, release } = toReplica(before);
  const lost = { id: before.id, name: before.name, replica, release, image: before.image };
  await ledger.recordContainer({
    ...lost,
    ...known,
    // Its first start: the history is sorted by it, and it may have started again since.
    startedAtMs: known?.startedAtMs ?? startedAtMs ?? nowMs,
    endedAtMs: last.finishedAtMs ?? nowMs,
    ...(last.exitCode !== undefined && { exitCode: last.exitCode }),
    ...(startedAtMs === undefined && { neverRan: true }),
  });
}
