import type { Engine } from '../model/engine.ts';
import { ledgerVolumeName } from '../model/names.ts';
import { ensureKeeper, findKeeper, type Keeper } from './keeper.ts';
import { type Ledger, openLedger } from './ledger.ts';

/**
 * The project's ledger for read-only commands; empty if there is none. Creates a missing keeper again if the ledger
 * exists, and nothing else.
 */
export async function findLedger(
  engine: Engine,
  project: string,
): Promise<{ readonly keeper: Keeper | undefined; readonly ledger: Ledger }> {
  const found = await findKeeper(engine, project);
  const lost = found === undefined && (await engine.inspectVolume(ledgerVolumeName(project))) !== undefined;
  const keeper = lost ? await ensureKeeper(engine, project, undefined) : found;
  return { keeper, ledger: await openLedger(engine, keeper) };
}
