import { createHmac } from 'node:crypto';
import type { ImageTraits } from '../model/image.ts';
import { mountAt } from '../model/mount.ts';
import type { Network, Volume } from '../model/project.ts';
import { ingressPorts, ownPorts, type Service, type ServiceNetwork } from '../model/service.ts';
import { holdsNames, speaksUdp } from '../model/service-names.ts';
import {
  exposedByIngress,
  movedKeys,
  replicaEnvironment,
  replicaLabels,
  shownByIngress,
} from '../model/shown-to-proxies.ts';
import { exposedPorts } from './ingress-state.ts';

/**
 * Hash of everything that defines a replica's container: with the same hash, it need not be replaced. Leaves out
 * replicas, rollout, ingress settings and everything that the ingress owns, because changing them does not affect the
 * containers. Whether there is an ingress does count, because without one the replicas have the service's names. The
 * hash is keyed, because the environment and files may contain secrets, and a plain hash of a short secret can be
 * guessed.
 *
 * @param imageId id of the image, if it exists: a tag may move to another image, and many tags may mean the same one
 * @param networkNames of the service's networks on the engine, in their order
 */
export function specHash(
  service: Service,
  imageId: string | undefined,
  key: string,
  networkNames: readonly string[] = [],
): string {
  const {
    build: _build,
    image,
    pullPolicy: _pullPolicy,
    replicas: _replicas,
    containerName,
    networks,
    ports: _ports,
    files,
    expose: _expose,
    exposesUdp: _exposesUdp,
    restartUnsaid: _restartUnsaid,
    dependsOn: _dependsOn,
    job: _job,
    update: _update,
    rollback: _rollback,
    ingress,
    report: _report,
    shared: _shared,
    addressed: _addressed,
    lookedUpBy: _lookedUpBy,
    calls: _calls,
    front: _front,
    ...container
  } = service;
  const behindIngress = !holdsNames(service);
  return hash(
    {
      ...container,
      labels: replicaLabels(service),
      environment: replicaEnvironment(service),
      // The source of a file matters only if it may be mounted, below another mount.
      files: files.map(({ source, ...file }) =>
        source === undefined || mountAt(service.mounts, file.target) === undefined ? file : { ...file, source },
      ),
      behindIngress,
      // What its replicas read first. Absent for most services, so that their hash does not change.
      ...(behindIngress && ingress.proxyProtocol && { proxyProtocol: ingress.proxyProtocol }),
      image: imageId ?? image,
      ports: ownPorts(service).map(({ mode: _mode, ...port }) => port),
      networks: behindIngress ? networks.map(ownEndpoint) : networks,
      networkNames,
      containerName: behindIngress ? undefined : containerName,
    },
    key,
  );
}

/** A replica's own endpoint behind an ingress: names and addresses belong to the ingress. */
const ownEndpoint = ({
  aliases: _aliases,
  ipv4Address: _4,
  ipv6Address: _6,
  linkLocalIps: _local,
  ...endpoint
}: ServiceNetwork): object => endpoint;

/**
 * Hash of everything that an ingress container cannot change while it runs: its networks, names, published ports, and
 * the keys for reverse proxies. Not of its image: replacing a serving ingress for a newer image would cause a gap.
 *
 * @param networkNames of the service's networks on the engine, in their order
 */
export const ingressSpecHash = (
  service: Service,
  traits: ImageTraits | undefined,
  networkNames: readonly string[],
  key: string,
): string =>
  hash(
    {
      name: service.name,
      containerName: service.containerName,
      // Absent for most services, so that their hash does not change.
      ...(speaksUdp(service) && { unnamed: true }),
      aliases: service.networks.map(({ aliases }) => aliases),
      ports: ingressPorts(service).map(({ mode: _mode, ...port }) => port),
      networkNames,
      ...shownHash(service, traits),
      // Absent if there are none, so that the hash of most ingresses does not change.
      ...(service.networks.some(hasAddress) && { addresses: service.networks.map(addressesIn) }),
    },
    key,
  );

/** The keys that reverse proxies read, if they find the ingress; empty for other ingresses. */
function shownHash(service: Service, traits: ImageTraits | undefined): object {
  const { labels, environment } = shownByIngress(service);
  return {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(movedKeys(service).length > 0 && {
      environment,
      exposed: exposedByIngress(service, exposedPorts(service, traits)).toSorted((a, b) => a - b),
    }),
  };
}

const addressesIn = ({ ipv4Address, ipv6Address, linkLocalIps }: ServiceNetwork): object => ({
  ipv4Address,
  ipv6Address,
  linkLocalIps,
});

const hasAddress = ({ ipv4Address, ipv6Address, linkLocalIps }: ServiceNetwork): boolean =>
  ipv4Address !== undefined || ipv6Address !== undefined || linkLocalIps !== undefined;

/**
 * Hash of a network's or volume's definition, for its label. An existing one with another hash was made from another
 * definition, and keeps it until it is created again.
 */
export const definitionHash = ({ key: _, external: _external, ...definition }: Network | Volume, key: string): string =>
  hash(definition, key);

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
