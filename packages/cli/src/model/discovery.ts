import { namesOf } from './names-of.ts';
import { isCaddyLabel, isTraefikLabel, NGINX_PROXY_HOSTS } from './routing-keys.ts';
import type { Service } from './service.ts';

/**
 * Whether a reverse proxy finds the service by its labels or environment, and is to find its ingress: such a service
 * has one even where it publishes no port. See {@link namedPorts} for where the proxy connects to.
 */
export const isDiscovered = (service: Service): boolean =>
  service.discovery !== 'replicas' &&
  !hasUdpRoutes(service) &&
  (isFoundByTraefik(service) || isFoundByCaddy(service) || isFoundByNginxProxy(service));

/** An ingress passes on no UDP: what Traefik finds by such a label are the replicas. */
export const hasUdpRoutes = ({ labels }: Pick<Service, 'labels'>): boolean =>
  Object.keys(labels).some((name) => /^traefik\.udp\./i.test(name));

/** The ports that the routing keys name, in their order; a proxy looks nowhere else then. */
export const namedPorts = (service: Service): number[] => [
  ...new Set([
    ...traefikPorts(service),
    ...caddyPorts(service),
    ...nginxProxyPorts(service),
    ...addressedPorts(service),
  ]),
];

/**
 * Whether a proxy falls back to the ports that the container exposes, for the keys leave one unsaid. Traefik takes the
 * lowest, nginx-proxy the only one.
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

/** As Go's `strconv.ParseBool` reads it. */
const isFalse = (value: string): boolean => ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value.trim());

const isFoundByCaddy = ({ labels }: Service): boolean => Object.keys(labels).some(isCaddyLabel);

const isFoundByNginxProxy = ({ environment }: Service): boolean =>
  NGINX_PROXY_HOSTS.some((name) => (environment[name] ?? '').trim() !== '');

const SERVER_PORT = /^traefik\.(http|tcp)\.services\.([^.]+)\.loadbalancer\.servers?(\[\d+\])?\.(port|url)$/i;
/** Of Traefik 1. */
const OLD_PORT = /^traefik(\.[^.]+)?\.port$/i;

const traefikPorts = ({ labels }: Service): number[] =>
  Object.entries(labels).flatMap(([name, value]) =>
    OLD_PORT.test(name) || SERVER_PORT.exec(name)?.[4]?.toLowerCase() === 'port' ? portOf(value) : [],
  );

/** A service in the labels without a port, or none at all. */
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

/** `{{upstreams 8080}}`, `{{upstreams https 8443}}`; without a port it is that of the scheme. */
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
  // Where both are there, nginx-proxy reads the first.
  return several ? multiports(several) : portOf(port ?? '');
}

/** YAML: `{example.com: {/: {port: 8080}}}`. */
const multiports = (yaml: string): number[] =>
  [...yaml.matchAll(/(?<![\w-])["']?port["']?\s*:\s*["']?(\d+)/g)].flatMap(([, port = '']) => portOf(port));

/** Ports beside one of the service's own names: `caddy.reverse_proxy: web:3000`. */
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
