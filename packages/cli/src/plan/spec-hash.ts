import { createHmac } from 'node:crypto';
import { hasIngress, type Service } from '../model/project.ts';

/**
 * Hash of all that makes a replica's container what it is: equal hashes need no replacement. Replicas, rollout, ingress
 * and published ports are left out, for changing them leaves the containers alone; whether there is an ingress counts,
 * for without one the replicas hold the service's name themselves. Keyed, because values of the
 * environment may be secret and a plain hash of a short secret can be guessed.
 *
 * @param imageId of an image that is not built here (a built one's tag is its content already)
 */
export function specHash(service: Service, imageId: string | undefined, key: string): string {
  const {
    build: _,
    replicas: _replicas,
    update: _update,
    ingress: _ingress,
    ports: _ports,
    report: _report,
    ...container
  } = service;
  const behindIngress = hasIngress(service);
  return hash({ ...container, behindIngress, imageId: service.build === undefined ? imageId : undefined }, key);
}

/**
 * Hash of what an ingress container cannot change while it runs: its networks, names and published ports. A newer image
 * is no reason to replace one that serves: that would cost a gap.
 */
export const ingressSpecHash = (service: Service, networkNames: readonly string[], key: string): string =>
  hash({ name: service.name, ports: service.ports, networkNames }, key);

const hash = (value: object, key: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(sortKeys(value)))
    .digest('hex')
    .slice(0, 16);

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
