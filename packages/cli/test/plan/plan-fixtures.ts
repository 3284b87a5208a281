import { containerName, ingressName } from '../../src/model/names.ts';
import type { IngressState, ObservedIngress, ObservedReplica, ObservedState } from '../../src/model/observed.ts';
import { hasIngress, type Project, type Service } from '../../src/model/project.ts';
import type { Release } from '../../src/model/release.ts';
import type { Desired } from '../../src/plan/desired.ts';

export const testService = (change: Partial<Service> = {}): Service => ({
  name: 'api',
  image: 'p-api:1',
  build: { context: '/src', dockerfile: 'Dockerfile', args: {} },
  replicas: 2,
  environment: {},
  labels: {},
  mounts: [{ kind: 'bind', source: '/srv/history', target: '/history', readOnly: false }],
  networks: ['default'],
  ports: [{ target: 3000, published: 8080 }],
  restart: 'unless-stopped',
  stopGracePeriodMs: 10_000,
  hardening: { capDrop: ['ALL'], capAdd: [], securityOpt: [], init: true, readOnly: false },
  update: { order: 'start-first', parallelism: 0, monitorMs: 5000 },
  ingress: { mode: 'http', drainTimeoutMs: 30_000, clientTimeoutMs: 60_000, serverTimeoutMs: 60_000 },
  report: '/file',
  ...change,
});

export const testDesired = (services: readonly Service[], change: Partial<Desired> = {}): Desired => {
  const project: Project = {
    name: 'p',
    networks: [{ key: 'default', name: 'p_default' }],
    history: { source: '/srv/history' },
    services,
  };
  return {
    project,
    release: 'new',
    recreate: [],
    specs: Object.fromEntries(services.map(({ name, image }) => [name, `spec of ${image}`])),
    ingressSpecs: Object.fromEntries(services.map(({ name, ports }) => [name, JSON.stringify(ports)])),
    ...change,
  };
};

export const nothing: ObservedState = {
  replicas: [],
  ingresses: [],
  networks: [],
  images: {},
  current: undefined,
  unfinished: undefined,
};

export const testRelease = (id: string): Release => ({
  id,
  number: 1,
  command: 'deploy',
  startedAtMs: 0,
  project: { name: 'p', networks: [], services: [] },
  images: {},
});

/** What a finished deploy of `desired` leaves, under another release. */
export function deployed(desired: Desired, release = 'old'): ObservedState {
  const { project, specs } = desired;
  const replicas = project.services.flatMap((service) =>
    Array.from({ length: service.replicas }, (_, at) => replicaOf(service, at + 1, release, specs[service.name] ?? '')),
  );
  return {
    replicas,
    ingresses: project.services
      .filter(hasIngress)
      .map((service) => ingressOf(service, release, desired.ingressSpecs[service.name] ?? '', replicas)),
    networks: project.networks.map(({ name }) => name),
    images: Object.fromEntries(project.services.map(({ image }) => [image, `sha256:${image}`])),
    current: testRelease(release),
    unfinished: undefined,
  };
}

export function replicaOf(service: Service, index: number, release: string, spec: string): ObservedReplica {
  const replica = { service: service.name, index };
  const container = containerName('p', replica, release);
  return {
    replica,
    containerId: `id of ${container}`,
    container,
    release,
    spec,
    image: service.image,
    state: 'running',
    health: 'healthy',
  };
}

function ingressOf(
  service: Service,
  release: string,
  spec: string,
  replicas: readonly ObservedReplica[],
): ObservedIngress {
  const container = ingressName('p', service.name, release);
  const filled = replicas
    .filter(({ replica }) => replica.service === service.name)
    .map(({ container: name }) => ({ container: name, state: 'ready' }) as const);
  const config: IngressState = {
    service: service.name,
    ports: service.ports.map(({ target }) => target),
    ...service.ingress,
    slots: [...filled, ...Array(Math.max(16, service.replicas * 2) - filled.length).fill(null)],
  };
  return { service: service.name, containerId: `id of ${container}`, container, state: 'running', spec, config };
}
