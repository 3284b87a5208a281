import { clashesOf } from '../compose/project/clashes.ts';
import { LobbieError } from '../model/errors.ts';
import type { Project } from '../model/project.ts';
import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/given/request.ts';
import { carryOut } from './carry-out.ts';
import { checkServices } from './check-services.ts';
import type { CommandContext } from './context.ts';
import { deployed } from './recreate.ts';

/** Changes the number of replicas of services. Replicas that stay are not touched. */
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
  const scaled = { ...project, services };
  checkClashes(scaled);
  return { project: scaled, command: 'scale', recreate: [], asDeployed: true, ledger };
}

/** @throws LobbieError `INVALID_INPUT` with everything that does not suffice for so many replicas */
function checkClashes(scaled: Project): void {
  const details: string[] = [];
  clashesOf(scaled, (path, message, hint) => {
    details.push(`${path}: ${message}`, ...(hint === undefined ? [] : [`  ${hint}`]));
  });
  if (details.length === 0) return;
  throw new LobbieError('INVALID_INPUT', `Project ${scaled.name} cannot run so many replicas.`, {
    details,
    hint: 'Nothing was changed. Ask for fewer, or change the Compose file: lobbie deploy',
  });
}
