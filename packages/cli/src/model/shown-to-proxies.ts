import { asksForExposed, hasUdpRoutes, isDiscovered, namedPorts } from './discovery.ts';
import { isRoutingLabel, ROUTING_VARIABLES, SHARED_VARIABLES } from './routing-keys.ts';
import { hasIngress, ingressPorts, type Service } from './service.ts';

/** What an ingress carries in the stead of the replicas, so that reverse proxies find it. */
export interface ShownToProxies {
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** Traefik takes every container that does not say so, by its default. */
const HIDDEN: Readonly<Record<string, string>> = { 'traefik.enable': 'false' };

/** The routing keys that the ingress of a service carries. */
export function shownByIngress(service: Service): ShownToProxies {
  if (!movesKeys(service)) return { labels: service.discovery === 'replicas' ? HIDDEN : {}, environment: {} };
  const { labels, environment } = service;
  return {
    labels: Object.fromEntries(Object.entries(labels).filter(([name]) => isRoutingLabel(name) && !isHealthLabel(name))),
    environment: !isDiscovered(service)
      ? {}
      : Object.fromEntries(
          Object.entries(environment).flatMap(([name, value]) =>
            value !== null && (isMoved(name, service) || SHARED_VARIABLES.has(name)) && !isRestart(name)
              ? [[name, value]]
              : [],
          ),
        ),
  };
}

/** The labels that the replicas keep, without lobbie's own. */
export const replicaLabels = (service: Service): Readonly<Record<string, string>> =>
  movesKeys(service)
    ? Object.fromEntries(Object.entries(service.labels).filter(([name]) => !isRoutingLabel(name)))
    : service.labels;

/** Labels that keep reverse proxies from replicas whose ingress they find. */
export const hiddenLabels = (service: Service): Readonly<Record<string, string>> => (movesKeys(service) ? HIDDEN : {});

/** The environment that the replicas keep. */
export const replicaEnvironment = (service: Service): Readonly<Record<string, string | null>> =>
  Object.fromEntries(Object.entries(service.environment).filter(([name]) => !isMoved(name, service)));

/** The names of the keys that the ingress carries and the replicas do not: of the file, in its order. */
export const movedKeys = (service: Service): string[] => {
  if (!movesKeys(service) || !isDiscovered(service)) return [];
  return [
    ...Object.keys(service.labels).filter(isRoutingLabel),
    ...Object.keys(service.environment).filter((name) => isMoved(name, service)),
  ];
};

/** TCP ports on which the ingress listens because the routing keys name them. */
export const proxiedPorts = (service: Service): number[] => (isDiscovered(service) ? namedPorts(service) : []);

/**
 * The TCP ports that the ingress's container exposes: those that the keys name, or where they leave one unsaid, those
 * that the service's own container would expose, so that a proxy chooses the same.
 *
 * @param exposed TCP ports that the file or the image names besides the published ones
 */
export function exposedByIngress(service: Service, exposed: readonly number[]): number[] {
  const published = ingressPorts(service).map(({ target }) => target);
  const named = proxiedPorts(service);
  const own = [...new Set([...published, ...exposed])];
  if (named.length === 0) return own;
  return asksForExposed(service) && own.length > 0 ? own : [...new Set([...published, ...named])];
}

const movesKeys = (service: Service): boolean =>
  hasIngress(service) && service.discovery !== 'replicas' && !hasUdpRoutes(service);

/** Without VIRTUAL_HOST the container is not looked at for routes, and the application may read the rest. */
const isMoved = (name: string, service: Service): boolean =>
  ROUTING_VARIABLES.has(name) &&
  service.environment[name] !== null &&
  movesKeys(service) &&
  isDiscovered(service) &&
  (service.environment.VIRTUAL_HOST || service.environment.VIRTUAL_HOST_MULTIPORTS || '').trim() !== '';

/**
 * Health checks of a proxy would reach now one replica and now another, and wait where requests are held: one bad
 * answer would take the whole service away. lobbie and the ingress look after the replicas.
 */
export const isHealthLabel = (name: string): boolean =>
  /^traefik\..*\.(passive)?healthcheck(\.|$)/i.test(name) ||
  /^caddy(_\d+)?\.(.*[._])?(health|fail|unhealthy)_/.test(name);

/** acme-companion would restart the ingress, and every request in flight would be lost. */
export const isRestart = (name: string): boolean => /^(LETSENCRYPT|ACME)_RESTART_CONTAINER$/.test(name);
