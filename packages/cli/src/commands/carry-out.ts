import type { PlanResult, Receipt } from '../model/results.ts';
import { impacts } from '../plan/impacts.ts';
import { planLines } from '../report/plan-lines.ts';
import type { RolloutRequest } from '../rollout/prepare.ts';
import { planOnly, rollOut } from '../rollout/roll-out.ts';
import type { CommandContext } from './context.ts';
import { hintAtSettings } from './hint-at-settings.ts';

/** Rolls a request out, or with `dryRun` shows its plan and changes nothing but pulling base images that are missing. */
export async function carryOut(
  context: CommandContext,
  request: RolloutRequest,
  dryRun: boolean,
): Promise<Receipt | PlanResult> {
  try {
    return await (dryRun ? dryRunOf(context, request) : rollOut(context, request));
  } catch (error) {
    throw hintAtSettings(error, context);
  }
}

async function dryRunOf(context: CommandContext, request: RolloutRequest): Promise<PlanResult> {
  const { plan, desired } = await planOnly(context, request);
  return { type: 'plan', project: desired.project.name, lines: planLines(plan, impacts(desired.project, plan)) };
}
