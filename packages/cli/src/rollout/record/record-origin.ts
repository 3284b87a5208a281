import { findLedger } from '../../ledger/find-ledger.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Engine } from '../../model/engine.ts';
import { isSameOrigin, type Origin } from '../../model/origin.ts';
import type { Release } from '../../model/release.ts';
import type { RolloutRequest } from '../given/request.ts';

/** Whether the deployed release is known to come from another place. */
export const isTakenOver = (current: Release | null, origin: Origin | undefined): boolean =>
  origin !== undefined && current?.origin !== undefined && !isSameOrigin(current.origin, origin);

/**
 * Records the new origin of a project without other changes, so that the next deploy from there need not ask. Done
 * under the lease. Does not touch the ledger if another command has changed it since it was read.
 */
export async function recordOrigin(engine: Engine, before: Ledger, { project, origin }: RolloutRequest): Promise<void> {
  const { ledger } = await findLedger(engine, project.name);
  const { current, running } = ledger.state;
  if (origin === undefined || current === null || running !== null || current.id !== before.state.current?.id) return;
  await ledger.write({ current: { ...current, origin } });
}
