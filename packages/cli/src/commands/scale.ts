import { LobbieError } from '../model/errors.ts';
import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/roll-out.ts';
import { carryOut } from './carry-out.ts';
import type { CommandContext } from './context.ts';
import { checkService, deployedRelease } from './recreate.ts';

/** More than that on one engine is a slip of the finger. */
const MOST_REPLICAS = 500;

/** Changes how many replicas services have; those that stay are left alone. */
export async function scale(
  context: CommandContext,
  assignments: readonly string[],
  dryRun: boolean,
): Promise<Receipt | PlanResult> {
  return carryOut(context, await scaleRequest(context, assignments), dryRun);
}

async function scaleRequest(context: CommandContext, assignments: readonly string[]): Promise<RolloutRequest> {
  const wanted = new Map(assignments.map(parseAssignment));
  const { project } = await deployedRelease(context);
  const names = project.services.map(({ name }) => name);
  for (const service of wanted.keys()) checkService(project.name, names, service);
  const services = project.services.map((service) => ({
    ...service,
    replicas: wanted.get(service.name) ?? service.replicas,
  }));
  return { project: { ...project, services }, command: 'scale', recreate: [], asDeployed: true };
}

/**
 * `api=5`
 *
 * @throws LobbieError `USAGE`
 */
export function parseAssignment(text: string): [service: string, replicas: number] {
  const [, service, count] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  if (service === undefined || count === undefined) {
    throw new LobbieError('USAGE', `Expected a service and its number of replicas, got "${text}".`, {
      hint: 'For example: lobbie scale api=5',
    });
  }
  return [service, parseReplicas(count)];
}

/**
 * A number of replicas, 1 to 500.
 *
 * @throws LobbieError `USAGE`
 */
export function parseReplicas(text: string): number {
  const replicas = Number(text);
  if (/^\d+$/.test(text) && replicas >= 1 && replicas <= MOST_REPLICAS) return replicas;
  throw new LobbieError('USAGE', `Expected a number of replicas from 1 to ${MOST_REPLICAS}, got "${text}".`, {
    hint: 'To stop everything, run `lobbie down`.',
  });
}
