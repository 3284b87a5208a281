import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { Desired } from '../../plan/desired.ts';
import { checkForeign } from './check-foreign.ts';

/**
 * Checks that nothing is in the way of a plan. Where something is, it looks and checks once more: a port may be held by
 * the ingress that another command for the same project has made since the first look.
 *
 * @param lookAgain plans anew from what is there now; rejects with `LEASE_TAKEN` where that other command still runs
 * @returns the plan that nothing is in the way of
 * @throws LobbieError `NAME_TAKEN`, `PORT_IN_USE`
 */
export async function checkTwice<Planned extends { readonly plan: Plan; readonly desired: Desired }>(
  engine: Engine,
  first: Planned,
  lookAgain: () => Promise<Planned>,
): Promise<Planned> {
  const check = ({ plan, desired }: Planned) => checkForeign(engine, plan, desired.project);
  try {
    await check(first);
    return first;
  } catch (error) {
    if (!(error instanceof LobbieError) || (error.code !== 'PORT_IN_USE' && error.code !== 'NAME_TAKEN')) throw error;
  }
  const second = await lookAgain();
  await check(second);
  return second;
}
