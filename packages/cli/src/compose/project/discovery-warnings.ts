import { hasUdpRoutes, isDiscovered } from '../../model/discovery.ts';
import { hasIngress, type Service } from '../../model/service.ts';
import { isHealthLabel, isRestart } from '../../model/shown-to-proxies.ts';
import type { Reading } from './reading.ts';

/** Warns about routing keys that have no effect if a reverse proxy finds the ingress instead of the replicas. */
export function discoveryWarnings(service: Service, { warning }: Pick<Reading, 'warning'>): void {
  const { name, labels, environment } = service;
  const warn = (key: string, words: string, hint = REPLICAS): void => warning(`services.${name}.${key}`, words, hint);
  if (hasUdpRoutes(service) && isDiscovered({ ...service, labels: withoutUdp(labels) }))
    warn(
      'labels',
      'has UDP routes of Traefik, which an ingress cannot forward: Traefik finds the replicas and cuts requests when they are replaced',
      'Use two services: one with the HTTP routes, one with the UDP routes.',
    );
  if (!hasIngress(service) || !isDiscovered(service)) return;
  for (const [label, value] of Object.entries(labels)) {
    const why = uselessness(label, value);
    if (why !== undefined) warn('labels', `${label} ${why}`);
  }
  for (const variable of Object.keys(environment).filter(isRestart))
    warn(
      'environment',
      `${variable} is left out: acme-companion would restart the ingress, which loses requests`,
      `If the service reads a certificate itself, run this when it changes: lobbie recreate ${name}`,
    );
}

const withoutUdp = (labels: Service['labels']): Service['labels'] =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !hasUdpRoutes({ labels: { [name]: '' } })));

const REPLICAS = 'To let the proxy find each replica, set x-lobbie.discovery to replicas. Deploys then lose requests.';

function uselessness(label: string, value: string): string | undefined {
  if (isHealthLabel(label))
    return 'is left out: the proxy finds the ingress, and lobbie and the ingress check the replicas';
  if (/^traefik\..*(sticky|stickiness)(\.|$)/i.test(label) || isStickyPolicy(label, value))
    return 'does not tie a client to a replica: the proxy finds the ingress, which distributes the requests';
  if (/^traefik\.(.*\.)?(weight$|weighted\.)/i.test(label))
    return 'has no effect between the replicas: the proxy finds the ingress, which distributes the requests';
  return undefined;
}

/** Policies that choose a replica by the client. */
const isStickyPolicy = (label: string, value: string): boolean =>
  (/^caddy(_\d+)?\..*lb_policy$/.test(label) && /cookie|hash|header|query/.test(value)) ||
  (label === 'com.github.nginx-proxy.nginx-proxy.loadbalance' && /hash|sticky/.test(value));
