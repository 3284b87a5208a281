import type { ImageTraits } from '../../src/model/image.ts';
import type { IngressPeers } from '../../src/model/ingress.ts';
import { containerName, ingressName } from '../../src/model/names.ts';
import type { ObservedIngress, ObservedReplica, ObservedState } from '../../src/model/observed.ts';
import type { Project } from '../../src/model/project.ts';
import type { Release } from '../../src/model/release.ts';
import { hasIngress, ingressPorts, ownPorts, type PublishedPort, type Service } from '../../src/model/service.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { ingressState } from '../../src/plan/ingress-state.ts';

/** The networks of every ingress, as the engine lists them. */
export const testPeers: IngressPeers = { subnets: ['172.20.0.0/16'], gateways: ['172.20.0.1'] };

export const testService = (change: Partial<Service> = {}): Service => ({
  name: 'api',
  image: 'p-api:1',
  build: { context: '/src', dockerfile: 'Dockerfile', args: {} },
  pullPolicy: 'missing',
  replicas: 2,
  environment: {},
  labels: {},
  mounts: [{ kind: 'bind', source: '/srv/history', target: '/history', readOnly: false }],
  files: [],
  networks: [{ key: 'default', aliases: [] }],
  ports: [tcp(8080, 3000)],
  expose: [],
  restart: { name: 'unless-stopped' },
  stopGracePeriodMs: 10_000,
  settings: {},
  dependsOn: [],
  job: false,
  update: testUpdate({ order: 'start-first' }),
  rollback: { parallelism: 0, delayMs: 0 },
  ingress: {
    ports: [],
    drainTimeoutMs: 30_000,
    outageTimeoutMs: 10_000,
    holdTimeoutMs: 30_000,
    clientTimeoutMs: 60_000,
    serverTimeoutMs: 60_000,
  },
  report: '/file',
  ...change,
});

/** A service that keeps data: one container at a time. */
export const testStore = (change: Partial<Service> = {}): Service =>
  testService({
    name: 'wiki',
    image: 'wiki:1',
    replicas: 1,
    mounts: [{ kind: 'volume', source: 'p_data', target: '/data', readOnly: false }],
    update: testUpdate(),
    ...change,
  });

export const testUpdate = (change: Partial<Service['update']> = {}): Service['update'] => ({
  parallelism: 0,
  delayMs: 0,
  failureAction: 'rollback',
  maxFailureRatio: 0,
  ...change,
});

export const tcp = (published: number, target: number, change: Partial<PublishedPort> = {}): PublishedPort => ({
  protocol: 'tcp',
  published,
  target,
  mode: 'http',
  ...change,
});

export const udp = (published: number): PublishedPort => ({ protocol: 'udp', published, target: published });

export const testTraits = (change: Partial<ImageTraits> = {}): ImageTraits => ({
  exposedPorts: [],
  volumes: [],
  hasHealthcheck: true,
  ...change,
});

export const testDesired = (services: readonly Service[], change: Partial<Desired> = {}): Desired => {
  const project: Project = {
    name: 'p',
    networks: [{ key: 'default', name: 'p_default', external: false }],
    volumes: services.some(({ mounts }) => mounts.some(({ kind }) => kind === 'volume'))
      ? [{ key: 'data', name: 'p_data', external: false }]
      : [],
    inactive: [],
    history: { source: '/srv/history' },
    services,
  };
  return {
    project,
    release: 'new',
    recreate: [],
    removeOrphans: false,
    traits: Object.fromEntries(services.map(({ name }) => [name, testTraits()])),
    specHashes: Object.fromEntries(services.map((service) => [service.name, testSpec(service)])),
    ingressSpecHashes: Object.fromEntries(
      services.map((service) => [service.name, JSON.stringify(ingressPorts(service))]),
    ),
    builds: Object.fromEntries(
      services.flatMap(({ image, build }) => (build ? [[image, { ...build, tags: [] }]] : [])),
    ),
    ...change,
  };
};

/** Stands for the hash of a service. */
export const testSpec = (service: Service): string =>
  JSON.stringify({ image: service.image, ports: ownPorts(service), ingress: hasIngress(service) });

export const nothing: ObservedState = {
  replicas: [],
  ingresses: [],
  composeContainers: [],
  outdated: [],
  networks: [],
  volumes: [],
  images: {},
  current: undefined,
  unfinished: undefined,
};

export const testRelease = (id: string, project?: Project): Release => ({
  id,
  number: 1,
  command: 'deploy',
  startedAtMs: 0,
  project: project ?? { name: 'p', networks: [], volumes: [], inactive: [], services: [] },
  images: {},
});

/** The state after a finished deploy of `desired`, under another release. */
export function deployed(desired: Desired, release = 'old'): ObservedState {
  const { project, specHashes } = desired;
  const replicas = project.services.flatMap((service) =>
    Array.from({ length: service.replicas }, (_, at): ObservedReplica => {
      const made = replicaOf(service, at + 1, release, specHashes[service.name] ?? '');
      return service.job ? { ...made, state: 'exited', health: 'none', exitCode: 0 } : made;
    }),
  );
  return {
    replicas,
    ingresses: project.services.filter(hasIngress).map((service) => ingressOf(service, release, desired, replicas)),
    composeContainers: [],
    outdated: [],
    networks: project.networks.map(({ name }) => name),
    volumes: project.volumes.map(({ name }) => name),
    images: Object.fromEntries(project.services.map(({ image }) => [image, `sha256:${image}`])),
    current: testRelease(release, project),
    unfinished: undefined,
  };
}

export function replicaOf(service: Service, index: number, release: string, specHash: string): ObservedReplica {
  const replica = { service: service.name, index };
  const container = containerName('p', replica, release);
  return {
    replica,
    containerId: `id of ${container}`,
    container,
    release,
    deployed: true,
    specHash,
    image: service.image,
    state: 'running',
    health: 'healthy',
    ports: heldPorts(ownPorts(service)),
  };
}

/** As the engine lists them. */
export const heldPorts = (ports: readonly PublishedPort[]): NonNullable<ObservedReplica['ports']> =>
  ports.map(({ protocol, published, target, hostIp = '0.0.0.0' }) => ({ protocol, published, target, hostIp }));

function ingressOf(
  service: Service,
  release: string,
  { ingressSpecHashes }: Desired,
  replicas: readonly ObservedReplica[],
): ObservedIngress {
  const container = ingressName('p', service.name, release);
  const ports = heldPorts(ingressPorts(service));
  const filled = replicas
    .filter(({ replica }) => replica.service === service.name)
    .map(({ container: name }) => ({ container: name, state: 'ready' }) as const);
  const config = ingressState(service, { ports: [], slots: [], peers: testPeers });
  return {
    service: service.name,
    containerId: `id of ${container}`,
    container,
    state: 'running',
    deployed: true,
    specHash: ingressSpecHashes[service.name] ?? '',
    config: {
      ...config,
      // Known since the first replica served.
      ports: config.ports.map(({ unseen, ...port }) => port),
      slots: config.slots.map((_, at) => filled[at] ?? null),
    },
    ports,
  };
}
