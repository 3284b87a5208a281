import { asksForExposed, hasUdpRoutes, isDiscovered, namedPorts } from './discovery.ts';
import { isRoutingLabel, ROUTING_VARIABLES, SHARED_VARIABLES } from './routing-keys.ts';
import { hasIngress, ingressPorts, type Service } from './service.ts';

/** The keys that an ingress carries instead of the replicas, so that reverse proxies find it. */
export interface ShownToProxies {
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** By default, Traefik uses every container without this label. */
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

/** Labels that hide replicas from reverse proxies that find their ingress. */
export const hiddenLabels = (service: Service): Readonly<Record<string, string>> => (movesKeys(service) ? HIDDEN : {});

/** The environment that the replicas keep. */
export const replicaEnvironment = (service: Service): Readonly<Record<string, string | null>> =>
  Object.fromEntries(Object.entries(service.environment).filter(([name]) => !isMoved(name, service)));

/** The keys that the ingress carries instead of the replicas, in the order of the file. */
export const movedKeys = (service: Service): string[] => {
  if (!movesKeys(service) || !isDiscovered(service)) return [];
  return [
    ...Object.keys(service.labels).filter(isRoutingLabel),
    ...Object.keys(service.environment).filter((name) => isMoved(name, service)),
  ];
};

/** TCP ports that the ingress listens on because the routing keys name them. */
export const proxiedPorts = (service: Service): number[] => (isDiscovered(service) ? namedPorts(service) : []);

/**
 * The TCP ports that the ingress's container exposes: those that the keys name or, if a key names none, those that the
 * service's own container would expose, so that the proxy makes the same choice.
 *
 * @param exposed TCP ports that the file or the image names, in addition to the published ones
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

/** Without VIRTUAL_HOST, nginx-proxy ignores the container, and the application may read the other variables. */
const isMoved = (name: string, service: Service): boolean =>
  ROUTING_VARIABLES.has(name) &&
  service.environment[name] !== null &&
  movesKeys(service) &&
  isDiscovered(service) &&
  (service.environment.VIRTUAL_HOST || service.environment.VIRTUAL_HOST_MULTIPORTS || '').trim() !== '';

/**
 * A proxy's health checks would reach a different replica each time and would wait while requests are held. One bad
 * answer would take the whole service away. lobbie and the ingress already check the replicas.
 */
export const isHealthLabel = (name: string): boolean =>
  /^traefik\..*\.(passive)?healthcheck(\.|$)/i.test(name) ||
  /^caddy(_\d+)?\.(.*[._])?(health|fail|unhealthy)_/.test(name);

/** With this variable acme-companion would restart the ingress, and every request in flight would be lost. */
export const isRestart = (name: string): boolean => /^(LETSENCRYPT|ACME)_RESTART_CONTAINER$/.test(name);
