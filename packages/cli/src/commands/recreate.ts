import type { Ledger } from '../ledger/ledger.ts';
import { LobbieError } from '../model/errors.ts';
import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/given/request.ts';
import { carryOut } from './carry-out.ts';
import { checkServices } from './check-services.ts';
import type { CommandContext } from './context.ts';
import { readLedger } from './read-ledger.ts';

/** Replaces every replica of the project or of these services, start-first, all or nothing. */
export async function recreate(
  context: CommandContext,
  services: readonly string[],
  dryRun: boolean,
): Promise<Receipt | PlanResult> {
  return carryOut(context, await recreateRequest(context, services), dryRun);
}

async function recreateRequest(context: CommandContext, services: readonly string[]): Promise<RolloutRequest> {
  const { project, ledger } = await deployed(context);
  const names = project.services.map(({ name }) => name);
  checkServices(project.name, names, services);
  return { project, command: 'recreate', recreate: services.length === 0 ? names : services, asDeployed: true, ledger };
}

/**
 * The project as it was last deployed, and its ledger.
 *
 * @throws LobbieError `NOT_DEPLOYED`
 */
export async function deployed(context: CommandContext): Promise<Pick<RolloutRequest, 'project'> & { ledger: Ledger }> {
  const { ledger } = await readLedger(context);
  const { current } = ledger.state;
  if (current !== null) return { project: current.project, ledger };
  throw new LobbieError('NOT_DEPLOYED', `Project ${context.projectName} is not deployed.`, {
    hint: 'Run `lobbie deploy` first.',
  });
}
