import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/prepare.ts';
import { carryOut } from './carry-out.ts';
import { checkServices } from './check-services.ts';
import type { CommandContext } from './context.ts';
import { deployed } from './recreate.ts';

/** Changes how many replicas services have; those that stay are left alone. */
export async function scale(
  context: CommandContext,
  wanted: ReadonlyMap<string, number>,
  dryRun: boolean,
): Promise<Receipt | PlanResult> {
  return carryOut(context, await scaleRequest(context, wanted), dryRun);
}

async function scaleRequest(context: CommandContext, wanted: ReadonlyMap<string, number>): Promise<RolloutRequest> {
  const { project, ledger } = await deployed(context);
  const names = project.services.map(({ name }) => name);
  checkServices(project.name, names, [...wanted.keys()]);
  const services = project.services.map((service) => ({
    ...service,
    replicas: wanted.get(service.name) ?? service.replicas,
  }));
  return { project: { ...project, services }, command: 'scale', recreate: [], asDeployed: true, ledger };
}
