import { findLedger } from '../ledger/find-ledger.ts';
import { leaseHolder } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findContainers, poserWords } from '../ledger/own-containers.ts';
import type { ContainerSummary } from '../model/container.ts';
import type { Engine } from '../model/engine.ts';
import { LABEL } from '../model/names.ts';
import type { StatusReplica, StatusResult } from '../model/results.ts';
import { replicaName } from '../model/service.ts';
import { toReplica } from '../rollout/observe.ts';
import { toldIngress } from '../rollout/told-ingress.ts';
import { urlsOf } from '../rollout/urls.ts';
import type { CommandContext } from './context.ts';
import { missingParts } from './missing-parts.ts';

/** What runs now: replicas with state, health, file, release, address, uptime, memory and CPU. */
export async function status({ engine, projectName, clock }: CommandContext): Promise<StatusResult> {
  const [{ ledger }, { own: containers, posers }, holder] = await Promise.all([
    findLedger(engine, projectName),
    findContainers(engine, projectName),
    leaseHolder(engine, projectName),
  ]);
  const [published, ingresses] = await Promise.all([
    urlsOf(engine, projectName, ledger),
    readIngresses(engine, ledger, containers),
  ]);
  const replicas = containers.filter(({ labels }) => labels[LABEL.role] === 'replica');
  const rows = await Promise.all(replicas.map((replica) => describe(engine, ledger, replica, ingresses, clock.now())));
  return {
    type: 'status',
    project: projectName,
    release: ledger.state.current?.id ?? null,
    url: published.map(({ url }) => url),
    published,
    replicas: rows.toSorted((a, b) => a.replica.localeCompare(b.replica, 'en', { numeric: true })),
    warnings: [...posers.map(poserWords), ...warningsOf(ledger, containers, holder)],
  };
}

interface Ingresses {
  /** Services that have one. */
  readonly services: ReadonlySet<string>;
  /** Names of the containers that they send requests to. */
  readonly admitted: ReadonlySet<string>;
}

async function readIngresses(
  engine: Engine,
  ledger: Ledger,
  containers: readonly ContainerSummary[],
): Promise<Ingresses> {
  const all = containers.filter(({ labels }) => labels[LABEL.role] === 'ingress');
  const ingresses = all.filter(({ state }) => state === 'running');
  const configs = await Promise.all(ingresses.map(({ id }) => toldIngress(engine, ledger, id).catch(() => undefined)));
  const slots = configs.flatMap((config) => config?.slots ?? []);
  return {
    services: new Set(all.map(({ labels }) => labels[LABEL.service] ?? '')),
    admitted: new Set(slots.flatMap((slot) => (slot?.state === 'ready' ? [slot.container] : []))),
  };
}

async function describe(
  engine: Engine,
  ledger: Ledger,
  summary: ContainerSummary,
  ingresses: Ingresses,
  nowMs: number,
): Promise<StatusReplica> {
  const { replica, container, release, state, health, exitCode } = toReplica(summary);
  const [details, stats, record] = await Promise.all([
    engine.inspectContainer(summary.id),
    state === 'running' ? engine.stats(summary.id) : undefined,
    ledger.readContainer(container),
  ]);
  const startedAtMs = state === 'running' ? details?.startedAtMs : undefined;
  return {
    service: replica.service,
    replica: replicaName(replica),
    container,
    state,
    health,
    exitCode: state === 'exited' ? (exitCode ?? null) : null,
    admitted: ingresses.services.has(replica.service) ? ingresses.admitted.has(container) : null,
    file: record?.file ?? null,
    release,
    address: Object.values(summary.addresses)[0] ?? null,
    uptimeSeconds: startedAtMs === undefined ? null : Math.max(0, (nowMs - startedAtMs) / 1000),
    memoryBytes: stats?.memoryBytes ?? null,
    cpuCores: stats?.cpuCores ?? null,
  };
}

function warningsOf(
  { state: { current, running } }: Ledger,
  containers: readonly ContainerSummary[],
  holder: string | undefined,
): string[] {
  // While somebody rolls out or takes down, what is not there is on its way.
  if (holder !== undefined) return running === null ? [] : [`Release ${running.id} is being rolled out by ${holder}.`];
  const missing = current === null ? [] : missingParts(current.project, containers);
  if (running === null) return missing;
  if (running.outcome === 'failed-not-restored')
    return [
      `Release ${running.id} failed and was not restored: what runs is partly of it. Fix the service and deploy again, or \`lobbie recreate\`.`,
      ...missing,
    ];
  return [
    `Release ${running.id} was interrupted (${running.command}). The next \`lobbie deploy\` or \`lobbie recreate\` finishes or undoes what was left.`,
    ...missing,
  ];
}
