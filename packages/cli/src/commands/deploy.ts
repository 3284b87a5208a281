import { readdir, readFile } from 'node:fs/promises';
import { mayFollow } from '../compose/order-problems.ts';
import { jobsOf } from '../compose/project/jobs.ts';
import { type ReadProject, toProject } from '../compose/project/to-project.ts';
import type { LoadedCompose } from '../compose/read/load-compose.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { defined } from '../model/defined.ts';
import type { Release } from '../model/release.ts';
import type { PlanResult, Receipt } from '../model/results.ts';
import type { RolloutRequest } from '../rollout/given/request.ts';
import { intendedProject } from '../rollout/prepare.ts';
import { carryOut } from './carry-out.ts';
import { checkExternals } from './check-externals.ts';
import { checkHistory } from './check-history.ts';
import { checkNotEmpty } from './check-not-empty.ts';
import { checkServices } from './check-services.ts';
import { problemLine, problemsError } from './compose-problems.ts';
import type { ComposeSource } from './compose-source.ts';
import { type Agreed, consent, openQuestions } from './consent.ts';
import type { CommandContext } from './context.ts';
import { DEMO_PROJECT, demoSource } from './demo-source.ts';
import { originHere } from './deploy-origin.ts';
import { loadProject } from './load-project.ts';
import { readLedger } from './read-ledger.ts';
import { replicasOption } from './replicas-option.ts';

export interface DeployOptions {
  /** Only these services and what they depend on; none means all. */
  readonly services: readonly string[];
  /** Deploy lobbie's own API. */
  readonly demo: boolean;
  /** Replicas by service. */
  readonly scale: ReadonlyMap<string, number>;
  /** The number of replicas of the only service. */
  readonly replicas?: number;
  readonly dryRun: boolean;
  /** Remove containers of services that are no longer in the files. */
  readonly removeOrphans: boolean;
  readonly agreed: Agreed;
  /** Build images even if they exist, or build none. */
  readonly build?: 'always' | 'never';
  /** `always` also pulls newer images that already exist, including base images. */
  readonly pull?: 'always' | 'missing' | 'never';
}

/** Opens the engine for a project name. */
export type Open = (projectName: string) => Promise<CommandContext>;

/**
 * Builds what changed, starts what is missing, and replaces what differs without losing a request.
 *
 * @throws LobbieError `INVALID_INPUT` with every problem of the files, before the engine is used
 */
export async function deploy(source: ComposeSource, open: Open, options: DeployOptions): Promise<Receipt | PlanResult> {
  const { context, ledger, loaded } = await (options.demo ? openDemo(source, open) : openFiles(source, open, options));
  const local = context.engine.endpoint.local;
  const current = ledger.state.current ?? undefined;
  // Without any service, the only thing left to do is to remove what was deployed.
  if (current === undefined) checkNotEmpty(loaded, context.cwd);
  const read = await readProject(loaded, source, options, { local, current });
  await checkHistory(context, read.project, loaded, source);
  await checkExternals(context, read.project, loaded, source);
  const { project } = read;
  tellWarnings(context, loaded, read);
  const { services, removeOrphans, build, pull, agreed, dryRun } = options;
  const origin = await originHere(context, loaded.directory);
  const request: RolloutRequest = {
    project,
    command: 'deploy',
    recreate: [],
    asDeployed: false,
    removeOrphans,
    images: defined({ build, pull }),
    ledger,
    origin,
    takeOver: agreed.takeOver,
    ...(services.length > 0 && { only: services }),
  };
  const command = options.demo ? 'lobbie deploy --demo' : 'lobbie deploy';
  const intended = { project: intendedProject(request, current), state: ledger.state, here: origin, local, command };
  if (!dryRun) await consent(context, intended, agreed);
  const notes = dryRun ? await openQuestions(intended) : [];
  return carryOut(context, request, dryRun, { project, loaded, command }, notes);
}

interface Opened {
  readonly context: CommandContext;
  readonly ledger: Ledger;
  readonly loaded: LoadedCompose;
}

async function openDemo(source: ComposeSource, open: Open): Promise<Opened> {
  const context = await open(source.projectName ?? DEMO_PROJECT);
  const { ledger } = await readLedger(context);
  return { context, ledger, loaded: await loadProject(demoSource(source, context, ledger.state)) };
}

async function openFiles(source: ComposeSource, open: Open, options: DeployOptions): Promise<Opened> {
  const loaded = await loadProject(source, options.services);
  await readProject(loaded, source, options, { local: true, current: undefined });
  if (!options.removeOrphans) checkNotEmpty(loaded, source.cwd);
  const context = await open(loaded.config.name);
  const { ledger } = await readLedger(context);
  return { context, ledger, loaded };
}

/** @throws LobbieError `INVALID_INPUT` with everything that is wrong, not supported, or cannot run */
async function readProject(
  loaded: LoadedCompose,
  source: ComposeSource,
  options: DeployOptions,
  { local, current }: { readonly local: boolean; readonly current: Release | undefined },
): Promise<ReadProject> {
  const { name, services } = loaded.config;
  const names = Object.keys(services);
  // If a file has problems, a service may be missing because of them.
  if (loaded.problems.length === 0) checkServices(name, names, [...options.services, ...options.scale.keys()]);
  const jobs = jobsOf(loaded.config);
  const lasting = names.filter((one) => !jobs.has(one));
  const deployed = current?.project.services.map((one) => [one.name, one.replicas] as const);
  const read = await toProject(loaded, {
    scale: new Map([...replicasOption(lasting, options.replicas), ...options.scale]),
    deployed: new Map(deployed),
    local,
    ...(source.homeDirectory !== undefined && { homeDirectory: source.homeDirectory }),
    readFile: (path) => readFile(path),
    readDirectory: (path) => readdir(path),
  });
  source.secrets?.learn(read.project);
  const further = read.problems.filter((problem) => !mayFollow(problem, loaded.problems));
  const problems = [...loaded.problems, ...loaded.blockers, ...further];
  if (problems.length > 0) throw problemsError(problems, loaded, source);
  return read;
}

function tellWarnings({ report, clock, cwd }: CommandContext, loaded: LoadedCompose, read: ReadProject): void {
  for (const warning of [...loaded.warnings, ...read.warnings])
    report({ type: 'warning', timeMs: clock.now(), message: problemLine(warning, cwd) });
}
