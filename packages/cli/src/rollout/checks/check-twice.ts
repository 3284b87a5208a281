import type { Engine } from '../../model/engine.ts';
import { LobbieError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { Desired } from '../../plan/desired.ts';
import { checkForeign } from './check-foreign.ts';

/**
 * Checks that nothing prevents a plan. If something does, observes and checks once more: an ingress that another
 * command for the same project has created since the first look may hold a port.
 *
 * @param lookAgain plans again from the current state; rejects with `LEASE_TAKEN` if the other command still runs
 * @returns the plan that can be carried out
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
