import { leaseHolder } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findContainers, poserWords } from '../ledger/own-containers.ts';
import type { ContainerStats, ContainerSummary } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import type { ImageTraits } from '../model/image.ts';
import type { IngressState } from '../model/ingress.ts';
import { LABEL } from '../model/names.ts';
import type { StatusReplica, StatusResult } from '../model/results.ts';
import { replicaName } from '../model/service.ts';
import { toReplica } from '../rollout/observe/observe.ts';
import { withRole } from '../rollout/observe/project-containers.ts';
import { toldIngress } from '../rollout/observe/told-ingress.ts';
import { urlsOf } from '../rollout/record/urls.ts';
import { checkServices } from './check-services.ts';
import type { CommandContext } from './context.ts';
import { readLedger } from './read-ledger.ts';
import { statusIngress } from './status-ingress.ts';
import { type StatusFacts, type StatusProblem, statusProblems } from './status-problems.ts';

export interface StatusOptions {
  /** Only these services; none means all. */
  readonly services?: readonly string[];
  /** Set the exit status if anything differs from what was deployed. */
  readonly check?: boolean;
}

/**
 * What runs now: replicas and ingresses, and how they differ from what was deployed.
 *
 * @throws LobbieError `USAGE` if a service does not exist
 */
export async function status(
  context: CommandContext,
  { services = [], check = false }: StatusOptions = {},
): Promise<StatusResult> {
  const { engine, projectName, clock } = context;
  const isMeant = (service: string | undefined): boolean => services.length === 0 || services.includes(service ?? '');
  const finding = findContainers(engine, projectName);
  // Measuring takes the longest, so it begins as soon as the containers are known.
  const measuring = finding.then(({ own }) =>
    measure(
      engine,
      withRole(own, 'replica').filter(({ labels }) => isMeant(labels[LABEL.service])),
    ),
  );
  measuring.catch(() => undefined);
  const [{ ledger }, { own: all, posers }, holder] = await Promise.all([
    readLedger(context),
    finding,
    leaseHolder(engine, projectName, clock),
  ]);
  checkServices(projectName, servicesOf(ledger, all), services);
  const containers = all.filter(({ labels }) => isMeant(labels[LABEL.service]));
  const ingresses = withRole(containers, 'ingress');
  const [published, told, traits, stats] = await Promise.all([
    urlsOf(engine, projectName, ledger),
    toldOf(engine, ledger, ingresses),
    traitsOf(engine, ledger),
    measuring,
  ]);
  // During a deploy or `down`, missing containers are expected.
  const facts: StatusFacts = { ledger, containers, told, traits };
  const wrong = holder === undefined ? statusProblems(facts).filter(({ service }) => isMeant(service)) : [];
  const problemOf = ({ id }: ContainerSummary): string | null =>
    wrong.find(({ containerId }) => containerId === id)?.message ?? null;
  const nowMs = clock.now();
  const [replicas, fronts] = await Promise.all([
    Promise.all(
      withRole(containers, 'replica').map((one) =>
        describe(engine, facts, one, { nowMs, problem: problemOf(one), stats: stats.get(one.id) }),
      ),
    ),
    Promise.all(
      ingresses.map(async (one) =>
        statusIngress(one, await engine.inspectContainer(one.id), told.get(one.id), nowMs, problemOf(one)),
      ),
    ),
  ]);
  const problems = [...unfinished(ledger, holder, projectName, check), ...wrong.map(messageOf)];
  const urls = published.filter(({ service }) => isMeant(service));
  return {
    type: 'status',
    project: projectName,
    release: ledger.state.current?.id ?? null,
    asDeployed: problems.length === 0,
    ...(check && { checked: true }),
    url: urls.map(({ url }) => url),
    published: urls,
    replicas: replicas.toSorted((a, b) => a.replica.localeCompare(b.replica, 'en', { numeric: true })),
    ingresses: fronts.toSorted((a, b) => a.service.localeCompare(b.service, 'en', { numeric: true })),
    problems,
    warnings: [...posers.map(poserWords), ...problems],
  };
}

const messageOf = ({ message }: StatusProblem): string => message;

const servicesOf = ({ state: { current } }: Ledger, containers: readonly ContainerSummary[]): string[] => [
  ...new Set([
    ...(current?.project.services ?? []).map(({ name }) => name),
    ...[...withRole(containers, 'replica'), ...withRole(containers, 'ingress')].flatMap(
      ({ labels }) => labels[LABEL.service] ?? [],
    ),
  ]),
];

async function toldOf(
  engine: Engine,
  ledger: Ledger,
  ingresses: readonly ContainerSummary[],
): Promise<ReadonlyMap<string, IngressState>> {
  const told = await Promise.all(
    ingresses.map(async ({ id }) => [id, await toldIngress(engine, ledger, id).catch(() => undefined)] as const),
  );
  return new Map(told.flatMap(([id, state]) => (state === undefined ? [] : [[id, state] as const])));
}

async function traitsOf(engine: Engine, { state: { current } }: Ledger): Promise<ReadonlyMap<string, ImageTraits>> {
  const services = current?.project.services ?? [];
  const images = await Promise.all(services.map(({ image }) => engine.inspectImage(image)));
  return new Map(services.flatMap(({ name }, at) => (images[at] === undefined ? [] : [[name, images[at]] as const])));
}

/** What each running container uses, by its id. */
async function measure(
  engine: Engine,
  containers: readonly ContainerSummary[],
): Promise<ReadonlyMap<string, ContainerStats | undefined>> {
  const running = containers.filter(({ state }) => state === 'running');
  return new Map(await Promise.all(running.map(async ({ id }) => [id, await engine.stats(id)] as const)));
}

async function describe(
  engine: Engine,
  { ledger, containers, told }: StatusFacts,
  summary: ContainerSummary,
  { nowMs, problem, stats }: { nowMs: number; problem: string | null; stats: ContainerStats | undefined },
): Promise<StatusReplica> {
  const { replica, container, release, state, health, exitCode } = toReplica(summary);
  const [details, record] = await Promise.all([engine.inspectContainer(summary.id), ledger.readContainer(container)]);
  const startedAtMs = state === 'running' ? details?.startedAtMs : undefined;
  const ingresses = withRole(containers, 'ingress').filter(({ labels }) => labels[LABEL.service] === replica.service);
  return {
    service: replica.service,
    replica: replicaName(replica),
    container,
    state,
    health,
    problem,
    exitCode: state === 'exited' ? (exitCode ?? null) : null,
    restarts: details?.restartCount ?? 0,
    admitted: ingresses.length === 0 ? null : state === 'running' && isAdmitted(container, ingresses, told),
    file: record?.file ?? null,
    release,
    address: Object.values(summary.addresses)[0] ?? null,
    uptimeSeconds: startedAtMs === undefined ? null : Math.max(0, (nowMs - startedAtMs) / 1000),
    memoryBytes: stats?.memoryBytes ?? null,
    cpuCores: stats?.cpuCores ?? null,
  };
}

/** Whether a running ingress sends requests to the container; unknown if one could not be read and no other does. */
function isAdmitted(
  container: string,
  ingresses: readonly ContainerSummary[],
  told: StatusFacts['told'],
): boolean | 'unknown' {
  const states = ingresses.filter(({ state }) => state === 'running').map(({ id }) => told.get(id));
  const slots = states.flatMap((state) => state?.slots ?? []);
  if (slots.some((slot) => slot?.state === 'ready' && slot.container === container)) return true;
  return states.includes(undefined) ? 'unknown' : false;
}

/** A rollout that has not ended or did not end well. With `check`, also a project that was never deployed. */
function unfinished(
  { state: { current, running } }: Ledger,
  holder: string | undefined,
  project: string,
  check: boolean,
): string[] {
  if (running === null) {
    return current === null && check ? [`Project ${project} is not deployed. Run \`lobbie deploy\`.`] : [];
  }
  if (holder !== undefined)
    return [`Release ${running.id} is being rolled out by ${holder}. Check again when it has ended.`];
  if (running.outcome === 'failed-not-restored')
    return [
      `Release ${running.id} failed and was not restored: some of its containers are running. Fix the service and deploy again, or run \`lobbie recreate\`.`,
    ];
  return [
    `Release ${running.id} was interrupted (${running.command}). The next \`lobbie deploy\` or \`lobbie recreate\` finishes or undoes it.`,
  ];
}
