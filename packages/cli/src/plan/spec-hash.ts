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
 * Hash of all that makes a replica's container what it is: equal hashes need no replacement. Replicas, rollout, ingress
 * and what the ingress owns are left out, for changing them leaves the containers alone; whether there is an ingress
 * counts, for without one the replicas hold the service's names themselves. Keyed, because values of the environment
 * and files may be secret and a plain hash of a short secret can be guessed.
 *
 * @param imageId of the image, where it is there: a tag may be of another image tomorrow, and many of one
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
      // Where a file is from matters only where it may be mounted: under another mount.
      files: files.map(({ source, ...file }) =>
        source === undefined || mountAt(service.mounts, file.target) === undefined ? file : { ...file, source },
      ),
      behindIngress,
      // What its replicas read first; absent where they do not, so that the hash of most stays what it was.
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

/** What a replica behind an ingress has in a network: names and addresses are the ingress's. */
const ownEndpoint = ({
  aliases: _aliases,
  ipv4Address: _4,
  ipv6Address: _6,
  linkLocalIps: _local,
  ...endpoint
}: ServiceNetwork): object => endpoint;

/**
 * Hash of what an ingress container cannot change while it runs: its networks, names, published ports, and what it shows
 * to reverse proxies. A newer image is no reason to replace one that serves: that would cost a gap.
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
      // Absent for most, so that their hash stays what it was.
      ...(speaksUdp(service) && { unnamed: true }),
      aliases: service.networks.map(({ aliases }) => aliases),
      ports: ingressPorts(service).map(({ mode: _mode, ...port }) => port),
      networkNames,
      ...shownHash(service, traits),
      // Absent where there are none, so that the hash of most ingresses stays what it was.
      ...(service.networks.some(hasAddress) && { addresses: service.networks.map(addressesIn) }),
    },
    key,
  );

/** What reverse proxies look at, where they find the ingress; nothing for an ingress that none looks for. */
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
 * Hash of what makes a network or a volume what it is, for its label: one that is there with another hash was made from
 * another definition, and keeps that until it is made again.
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
