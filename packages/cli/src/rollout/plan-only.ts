import { findLedger } from '../ledger/find-ledger.ts';
import { checkTwice } from './checks/check-twice.ts';
import type { RolloutRequest } from './given/request.ts';
import type { Surroundings } from './given/surroundings.ts';
import { builtLater, openLooking } from './looking.ts';
import type { Prepared } from './prepare.ts';

/**
 * Plans a rollout for `--dry-run`. Fails if something would stop the rollout before it changes anything. Builds
 * nothing, unless the request says to build every image: then only a build shows the result.
 *
 * @throws LobbieError `NAME_TAKEN`, `PORT_IN_USE`
 */
export async function planOnly(surroundings: Surroundings, request: RolloutRequest): Promise<Prepared> {
  const { engine } = surroundings;
  const { ledger, look, ingressImage } = await openLooking(surroundings, request);
  const dry = request.images?.build === 'always' ? request : builtLater(request);
  const first = await look(ledger, dry);
  if (first.plan.steps.length > 0) await ingressImage();
  return checkTwice(engine, first, async () => {
    const now = await findLedger(engine, request.project.name);
    return look(now.ledger, dry);
  });
}
