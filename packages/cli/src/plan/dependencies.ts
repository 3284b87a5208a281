import type { Dependency, Service } from '../model/service.ts';
import type { ServiceSteps } from './desired.ts';

/** The services that a service waits for: those in the file, and those whose network or processes it shares. */
export function dependenciesOf(service: Service): readonly Dependency[] {
  const { dependsOn } = service;
  const lenders = lendersOf(service);
  // A shared namespace is gone with its container, even if the file does not set `restart`.
  const said = dependsOn.map((one) => (lenders.includes(one.service) ? { ...one, restart: true } : one));
  const unsaid = lenders.filter((lender) => !dependsOn.some((one) => one.service === lender));
  return [
    ...said,
    ...unsaid.map((name): Dependency => ({ service: name, condition: 'started', required: true, restart: true })),
  ];
}

/** The services whose network, processes or memory a service shares. */
export const lendersOf = ({ networkMode, settings }: Pick<Service, 'networkMode' | 'settings'>): string[] => [
  ...new Set([networkMode, settings.ipc, settings.pid].flatMap((mode) => lenderOf(mode) ?? [])),
];

/** `web` of `service:web` */
export const lenderOf = (mode: string | undefined): string | undefined => /^service:(.+)$/.exec(mode ?? '')?.[1];

/**
 * Sorts services so that each comes after its dependencies.
 *
 * @param more by service, other services that it comes after
 */
export function inDependencyOrder(
  services: readonly Service[],
  more: ReadonlyMap<string, readonly string[]> = new Map(),
): Service[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<Service>();
  const visited = new Set<Service>();
  const visit = (service: Service): void => {
    if (visited.has(service)) return;
    visited.add(service);
    for (const name of [...dependenciesOf(service).map((one) => one.service), ...(more.get(service.name) ?? [])]) {
      const dependency = byName.get(name);
      if (dependency) visit(dependency);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service);
  return [...ordered];
}

/** The dependencies of a service, and theirs, the nearest first. */
export function dependenciesBelow(service: Service, services: readonly Service[]): Service[] {
  const byName = new Map(services.map((one) => [one.name, one]));
  const found = new Set<Service>([service]);
  for (const one of found)
    for (const { service: name } of dependenciesOf(one)) {
      const dependency = byName.get(name);
      if (dependency) found.add(dependency);
    }
  return [...found].slice(1);
}

/**
 * Ids of steps of other services that must be done before a container of the service starts.
 *
 * @param more services that must serve first, in addition to its dependencies
 */
export function waitsOf(
  service: Service,
  planned: ReadonlyMap<string, ServiceSteps>,
  more: readonly string[] = [],
): string[] {
  const added = more.map((name) => ({ service: name, condition: 'healthy' as const }));
  return [...dependenciesOf(service), ...added].flatMap(({ service: name, condition }) => {
    const steps = planned.get(name)?.before ?? [];
    // A service that shares the network is behind the same ingress: no requests arrive before it runs.
    const shares = condition === 'healthy' && lenderOf(service.networkMode) === name;
    const kinds = shares ? PROVEN : WAITED_FOR[condition];
    return steps.filter(({ step }) => kinds.has(step.kind)).map(({ id }) => id);
  });
}

const STARTED = ['start-ingress', 'start-replica', 'run-job'];
const PROVEN: ReadonlySet<string> = new Set([...STARTED, 'resume-replica', 'gate-replica']);
/** A job counts as started or healthy only once it has run. */
const WAITED_FOR: Readonly<Record<Dependency['condition'], ReadonlySet<string>>> = {
  started: new Set(STARTED),
  healthy: new Set([...PROVEN, 'admit-replica', 'settle-ports', 'watch-replica']),
  completed: new Set(['run-job', 'gate-replica']),
};

/** Why an unchanged service gets new containers: a dependency with `restart` got new ones. */
export function replacedDependency(service: Service, renewed: ReadonlySet<string>): string | undefined {
  const cause = dependenciesOf(service).find(({ restart, service: name }) => restart && renewed.has(name));
  return cause && `${cause.service} was replaced`;
}
