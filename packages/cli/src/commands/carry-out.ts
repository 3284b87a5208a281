import type { PlanResult, Receipt } from '../model/results.ts';
import { impacts } from '../plan/impacts.ts';
import type { RolloutRequest } from '../rollout/given/request.ts';
import { planOnly } from '../rollout/plan-only.ts';
import { rollOut } from '../rollout/roll-out.ts';
import { advise, type Deployed } from './advise.ts';
import type { CommandContext } from './context.ts';

/**
 * Rolls a request out. With `dryRun`, shows the plan and changes nothing, except that it pulls missing base images.
 *
 * @param notes questions that the deploy would ask first; shown with the plan
 * @param deployed set if the project was read from files, for hints about them
 */
export async function carryOut(
  context: CommandContext,
  request: RolloutRequest,
  dryRun: boolean,
  deployed?: Deployed,
  notes: readonly string[] = [],
): Promise<Receipt | PlanResult> {
  try {
    return await (dryRun ? dryRunOf(context, request, notes) : rollOut(context, request));
  } catch (error) {
    throw await advise(error, context, deployed);
  }
}

async function dryRunOf(
  context: CommandContext,
  request: RolloutRequest,
  notes: readonly string[],
): Promise<PlanResult> {
  const { plan, desired, observed, warnings } = await planOnly(context, request);
  for (const message of warnings) context.report({ type: 'warning', timeMs: context.clock.now(), message });
  return {
    type: 'plan',
    project: desired.project.name,
    ...(notes.length > 0 && { notes }),
    plan,
    impacts: impacts(desired, observed, plan),
  };
}
