import prettyBytes from 'pretty-bytes';
import type { ContainerSettings } from '../../model/container-settings.ts';
import type { EngineInfo } from '../../model/engine.ts';
import type { ObservedState } from '../../model/observed.ts';
import type { Plan } from '../../model/plan.ts';
import type { Network, Volume } from '../../model/project.ts';
import { hasIngress, type RolloutOrder, type Service } from '../../model/service.ts';
import type { ToldStep } from '../../model/step.ts';
import type { Desired } from '../../plan/desired.ts';
import { hasHealthcheck } from '../../plan/monitoring-of.ts';
import { rollingOf, sharedData } from '../../plan/rolling-of.ts';
import { mayShare } from '../../plan/share-pools.ts';

/** Warnings about a plan that do not prevent it. */
export function warningsOf(
  { project, traits }: Desired,
  { outdated, posers = [], pools = {} }: Pick<ObservedState, 'outdated' | 'posers' | 'pools'>,
  plan: Plan<ToldStep>,
  { memoryBytes, cgroups }: EngineInfo,
): string[] {
  const starts = (service: string): number =>
    plan.steps.filter(({ step }) => isStart(step) && step.replica.service === service).length;
  const starting = project.services.filter(({ name }) => starts(name) > 0);
  const lasting = starting.filter(({ job }) => !job);
  const orderOf = (service: Service): RolloutOrder => rollingOf(service, traits[service.name], project.volumes).order;
  const startFirst = lasting.filter((service) => orderOf(service) === 'start-first');
  const stopFirst = lasting.filter((service) => orderOf(service) === 'stop-first');
  return [
    ...posers,
    ...orphanWords(plan),
    ...outdated.map(outdatedWords),
    ...losingWords(plan),
    ...(plan.readdressed === undefined ? [] : project.networks.flatMap((network) => changingWords(network, pools))),
    ...startFirst
      .filter((service) => !hasHealthcheck(service, traits[service.name]) && service.ingress.healthPath === undefined)
      .map(
        ({ name }) =>
          `Service ${name} has no healthcheck: lobbie sends requests to a new replica once its ports accept connections and it has run for a while.`,
      ),
    ...restartWords(lasting),
    ...(cgroups ? [] : limitWords(starting)),
    ...startFirst.flatMap((service) => sharedVolumes(service)),
    ...stopFirst.flatMap((service) => severalWriters(service, project.volumes)),
    ...lasting.flatMap((service) => lookUpWords(service)),
    ...memoryWords(project.services, startFirst, starts, memoryBytes),
  ];
}

const isStart = (step: ToldStep): step is Extract<ToldStep, { kind: 'start-replica' | 'run-job' }> =>
  step.kind === 'start-replica' || step.kind === 'run-job';

/** `lobbie down` removes networks and keeps volumes. */
function outdatedWords(what: string): string {
  const differs = `The ${what} differs from the Compose file and is not changed.`;
  if (!what.startsWith('volume ')) return `${differs} To create it again, run \`lobbie down\`, then \`lobbie deploy\`.`;
  return `${differs} To create it again without its data, run \`lobbie down\`, \`docker ${what.replace(' ', ' rm ')}\`, then \`lobbie deploy\`.`;
}

const losingWords = ({ readdressed = [] }: Plan<ToldStep>): string[] =>
  readdressed
    .filter(({ replaced }) => !replaced)
    .map(
      ({ service, calls }) =>
        `Service ${service} calls ${calls}, whose address changes. It mounts data and is not replaced. If it does not look up the name again, run \`lobbie recreate ${service}\` afterwards.`,
    );

/** Warns about networks created by Docker Compose, or by lobbie before it used fixed addresses. */
const changingWords = (network: Network, pools: NonNullable<ObservedState['pools']>): string[] =>
  pools[network.name]?.length === 0 && !network.external && mayShare({ ...network, labels: {} })
    ? [
        `Addresses change with each rollout in network ${network.name}, which was created without fixed addresses. To create it again with them, run \`lobbie down\`, then \`lobbie deploy\`.`,
      ]
    : [];

function orphanWords({ orphans, steps }: Plan<ToldStep>): string[] {
  const removed = steps.flatMap(({ step }) =>
    step.kind === 'retire-replica' ? [step.replica.service] : step.kind === 'remove-former' ? [step.service] : [],
  );
  const left = orphans.filter((name) => !removed.includes(name));
  if (left.length === 0) return [];
  return [
    `The project no longer has ${left.join(', ')}, and ${left.length === 1 ? 'it still runs' : 'they still run'}. To remove: lobbie deploy --remove-orphans`,
  ];
}

/** With an ingress, a name has only one address. */
function lookUpWords(service: Service): string[] {
  const { name, lookedUpBy = [] } = service;
  if (!hasIngress(service)) return [];
  return lookedUpBy.map((by) =>
    by === name
      ? `Service ${name} names itself as a host: the name leads each replica only to itself. To reach all replicas, use tasks.${name}.`
      : `Service ${by} looks up every address of ${name}, but finds only that of its ingress. To reach all replicas, use tasks.${name} there.`,
  );
}

/** As in Docker Compose, a service without `restart` is not started again. A service with `"no"` gives no warning. */
function restartWords(services: readonly Service[]): string[] {
  const names = services.filter(({ restartUnsaid }) => restartUnsaid).map(({ name }) => name);
  if (names.length === 0) return [];
  const [subject, they] =
    names.length === 1
      ? ['Service', 'has no restart policy: it stays']
      : ['Services', 'have no restart policy: they stay'];
  return [
    `${subject} ${names.join(', ')} ${they} down after a crash, and after a restart of the engine. Give each \`restart: unless-stopped\`, or \`restart: "no"\` if it is meant to end.`,
  ];
}

/** For a rootless engine without cgroups, which drops limits without a message. */
function limitWords(services: readonly Service[]): string[] {
  const names = services
    .filter(({ settings }) => LIMITS.some((limit) => settings[limit] !== undefined))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `The engine has no cgroups (it is rootless) and does not apply the limits of memory, CPU and processes for ${names.join(', ')}. They need cgroup v2 with systemd: https://docs.docker.com/engine/security/rootless/`,
  ];
}

const LIMITS = [
  'memoryBytes',
  'memoryReservationBytes',
  'memorySwapBytes',
  'cpus',
  'cpuShares',
  'cpuset',
  'cpuQuota',
  'cpuPeriod',
  'pidsLimit',
  'blkio',
] as const satisfies readonly (keyof ContainerSettings)[];

/** With start-first, two copies run for a while. */
const sharedVolumes = ({ name, mounts, replicas }: Service): string[] =>
  mounts.flatMap((mount) =>
    mount.kind === 'volume' && mount.source !== undefined && !mount.readOnly
      ? [
          `Service ${name} is start-first: ${replicas > 1 ? 'its copies' : 'the old and the new copy'} write to volume ${mount.source} at the same time.`,
        ]
      : [],
  );

/** Stop-first never runs two copies of one replica, but the replicas of a service still run at the same time. */
function severalWriters(service: Service, volumes: readonly Volume[]): string[] {
  const data = sharedData(service, volumes);
  if (service.replicas < 2 || data.length === 0) return [];
  return [
    `Service ${service.name} has ${service.replicas} replicas that write to ${data.join(' and ')} at the same time. Most databases lose data this way: run one replica, unless the program supports this.`,
  ];
}

/** If new replicas start before the old ones stop, they need memory for both. */
function memoryWords(
  services: readonly Service[],
  startFirst: readonly Service[],
  starts: (service: string) => number,
  engineBytes: number,
): string[] {
  const limit = ({ settings }: Service): number => settings.memoryBytes ?? 0;
  const lasting = services.reduce((sum, service) => sum + limit(service) * service.replicas, 0);
  // Old replicas are kept, drained, until the end, so batches do not lower the sum.
  const extra = startFirst.reduce((sum, service) => sum + limit(service) * starts(service.name), 0);
  if (extra === 0 || lasting + extra <= engineBytes) return [];
  return [
    `Old and new replicas together may use ${prettyBytes(lasting + extra)}, according to their limits, but the engine has ${prettyBytes(engineBytes)}.`,
  ];
}
