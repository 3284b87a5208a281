import { LobbieError } from '../model/errors.ts';
import type { Release } from '../model/release.ts';
import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/prepare.ts';
import { carryOut } from './carry-out.ts';
import { checkServices } from './check-services.ts';
import type { CommandContext } from './context.ts';
import { currentRelease } from './deploy.ts';

/** Replaces every replica of what is deployed (or of these services), start-first, all or nothing. */
export async function recreate(
  context: CommandContext,
  services: readonly string[],
  dryRun: boolean,
): Promise<Receipt | PlanResult> {
  return carryOut(context, await recreateRequest(context, services), dryRun);
}

async function recreateRequest(context: CommandContext, services: readonly string[]): Promise<RolloutRequest> {
  const { project } = await deployedRelease(context);
  const names = project.services.map(({ name }) => name);
  checkServices(project.name, names, services);
  return { project, command: 'recreate', recreate: services.length === 0 ? names : services, asDeployed: true };
}

/** @throws LobbieError `NOT_DEPLOYED` */
export async function deployedRelease(context: CommandContext): Promise<Release> {
  const current = await currentRelease(context);
  if (current !== undefined) return current;
  throw new LobbieError('NOT_DEPLOYED', `Project ${context.projectName} is not deployed.`, {
    hint: 'Run `lobbie deploy` first.',
  });
}
