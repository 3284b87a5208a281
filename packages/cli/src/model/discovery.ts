import { namesOf } from './names-of.ts';
import { isCaddyLabel, isTraefikLabel, NGINX_PROXY_HOSTS } from './routing-keys.ts';
import type { Service } from './service.ts';

/**
 * Whether a reverse proxy finds the service by its labels or environment and should find its ingress instead of the
 * replicas. Such a service has an ingress even if it publishes no port. See {@link namedPorts} for the proxy's ports.
 */
export const isDiscovered = (service: Service): boolean =>
  service.discovery !== 'replicas' &&
  !hasUdpRoutes(service) &&
  (isFoundByTraefik(service) || isFoundByCaddy(service) || isFoundByNginxProxy(service));

/** The ingress does not forward UDP, so Traefik must find the replicas by such a label. */
export const hasUdpRoutes = ({ labels }: Pick<Service, 'labels'>): boolean =>
  Object.keys(labels).some((name) => /^traefik\.udp\./i.test(name));

/** The ports in the routing keys, in order. A proxy then uses no other port. */
export const namedPorts = (service: Service): number[] => [
  ...new Set([
    ...traefikPorts(service),
    ...caddyPorts(service),
    ...nginxProxyPorts(service),
    ...addressedPorts(service),
  ]),
];

/**
 * Whether a routing key names no port, so that the proxy chooses one of the exposed ports. Traefik takes the lowest,
 * nginx-proxy takes the only one.
 */
export const asksForExposed = (service: Service): boolean =>
  (isFoundByTraefik(service) && traefikAsks(service)) || (isFoundByNginxProxy(service) && nginxProxyAsks(service));

const nginxProxyAsks = ({ environment }: Service): boolean =>
  environment.VIRTUAL_HOST_MULTIPORTS
    ? multiports(environment.VIRTUAL_HOST_MULTIPORTS).length === 0
    : !environment.VIRTUAL_PORT;

const isFoundByTraefik = ({ labels }: Service): boolean => {
  const own = Object.entries(labels).filter(([name]) => isTraefikLabel(name));
  return own.length > 0 && !own.some(([name, value]) => /^traefik\.enable$/i.test(name) && isFalse(value));
};

/** Parses like Go's `strconv.ParseBool`. */
const isFalse = (value: string): boolean => ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value.trim());

const isFoundByCaddy = ({ labels }: Service): boolean => Object.keys(labels).some(isCaddyLabel);

const isFoundByNginxProxy = ({ environment }: Service): boolean =>
  NGINX_PROXY_HOSTS.some((name) => (environment[name] ?? '').trim() !== '');

const SERVER_PORT = /^traefik\.(http|tcp)\.services\.([^.]+)\.loadbalancer\.servers?(\[\d+\])?\.(port|url)$/i;
/** The label of Traefik 1. */
const OLD_PORT = /^traefik(\.[^.]+)?\.port$/i;

const traefikPorts = ({ labels }: Service): number[] =>
  Object.entries(labels).flatMap(([name, value]) =>
    OLD_PORT.test(name) || SERVER_PORT.exec(name)?.[4]?.toLowerCase() === 'port' ? portOf(value) : [],
  );

/** The labels name a service without a port, or no service at all. */
function traefikAsks({ labels }: Service): boolean {
  const names = Object.keys(labels);
  if (names.some((name) => OLD_PORT.test(name))) return false;
  const said = new Set(names.flatMap((name) => SERVER_PORT.exec(name)?.slice(1, 3).join('.').toLowerCase() ?? []));
  const used = names.flatMap(
    (name) =>
      /^traefik\.(http|tcp)\.services\.([^.]+)\.loadbalancer\./i.exec(name)?.slice(1, 3).join('.').toLowerCase() ?? [],
  );
  return used.length === 0 || used.some((service) => !said.has(service));
}

/** `{{upstreams 8080}}`, `{{upstreams https 8443}}`; without a port, the default port of the scheme. */
const caddyPorts = ({ labels }: Service): number[] =>
  Object.entries(labels).flatMap(([name, value]) =>
    !isCaddyLabel(name)
      ? []
      : [...value.matchAll(/\{\{([^{}]*)\}\}/g)].flatMap(([, words = '']) => {
          if (!/\bupstreams\b/.test(words)) return [];
          const port = /(?<![\w.])\d+(?![\w.])/.exec(words)?.[0];
          return port === undefined ? [/\bhttps\b/.test(words) ? 443 : 80] : portOf(port);
        }),
  );

function nginxProxyPorts(service: Service): number[] {
  if (!isFoundByNginxProxy(service)) return [];
  const { VIRTUAL_HOST_MULTIPORTS: several, VIRTUAL_PORT: port } = service.environment;
  // nginx-proxy prefers the first if both are set.
  return several ? multiports(several) : portOf(port ?? '');
}

/** YAML: `{example.com: {/: {port: 8080}}}`. */
const multiports = (yaml: string): number[] =>
  [...yaml.matchAll(/(?<![\w-])["']?port["']?\s*:\s*["']?(\d+)/g)].flatMap(([, port = '']) => portOf(port));

/** Ports after one of the service's own names: `caddy.reverse_proxy: web:3000`. */
function addressedPorts(service: Service): number[] {
  const names = new Set(namesOf(service));
  return Object.entries(service.labels).flatMap(([label, value]) =>
    isCaddyLabel(label) || isTraefikLabel(label)
      ? [...value.matchAll(/(?<![\w.-])([\w.-]+):(\d+)/g)].flatMap(([, host = '', port = '']) =>
          names.has(host) ? portOf(port) : [],
        )
      : [],
  );
}

function portOf(text: string): number[] {
  const port = Number(text.trim());
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? [port] : [];
}
