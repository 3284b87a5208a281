import { demoProject } from '../compose/demo-project.ts';
import { findLedger } from '../ledger/find-ledger.ts';
import type { Release } from '../model/release.ts';
import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/prepare.ts';
import { carryOut } from './carry-out.ts';
import type { CommandContext } from './context.ts';
import { defaultHistory } from './default-history.ts';

export interface DeployOptions {
  /** Absent: as many as are deployed, or 2. */
  readonly replicas?: number;
  readonly dryRun: boolean;
}

const DEFAULT_REPLICAS = 2;

/** Builds what changed, starts what is missing, and replaces what differs without losing a request. */
export async function deploy(context: CommandContext, options: DeployOptions): Promise<Receipt | PlanResult> {
  return carryOut(context, await deployRequest(context, options), options.dryRun);
}

async function deployRequest(context: CommandContext, { replicas }: DeployOptions): Promise<RolloutRequest> {
  const current = await currentRelease(context);
  const project = demoProject({
    name: context.projectName,
    replicas: replicas ?? current?.project.services.find(({ name }) => name === 'api')?.replicas ?? DEFAULT_REPLICAS,
    context: context.demoContext,
    nodeImage: context.settings.nodeImage,
    port: context.settings.port,
    // What is deployed keeps its history, wherever the command is typed.
    history: current?.project.history?.source ?? defaultHistory(context),
  });
  return { project, command: 'deploy', recreate: [], asDeployed: false };
}

/** The last good release; undefined before the first and after `down`. */
export async function currentRelease({ engine, projectName }: CommandContext): Promise<Release | undefined> {
  return (await findLedger(engine, projectName)).ledger.state.current ?? undefined;
}
