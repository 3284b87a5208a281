import { findLedger } from '../../ledger/find-ledger.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Engine } from '../../model/engine.ts';
import { isSameOrigin, type Origin } from '../../model/origin.ts';
import type { Release } from '../../model/release.ts';
import type { RolloutRequest } from '../given/request.ts';

/** What is deployed is known to come from another place than this. */
export const isTakenOver = (current: Release | null, origin: Origin | undefined): boolean =>
  origin !== undefined && current?.origin !== undefined && !isSameOrigin(current.origin, origin);

/**
 * Notes the new place of a project of which nothing else has changed, so that the next deploy from there need not ask.
 * Under the lease; leaves the ledger alone where another command has changed it since it was read.
 */
export async function recordOrigin(engine: Engine, before: Ledger, { project, origin }: RolloutRequest): Promise<void> {
  const { ledger } = await findLedger(engine, project.name);
  const { current, running } = ledger.state;
  if (origin === undefined || current === null || running !== null || current.id !== before.state.current?.id) return;
  await ledger.write({ current: { ...current, origin } });
}
