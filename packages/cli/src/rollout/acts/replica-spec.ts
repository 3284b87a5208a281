import type { ContainerDetails, ContainerSpec, EndpointSpec } from '../../model/container.ts';
import type { Mount } from '../../model/mount.ts';
import { LABEL } from '../../model/names.ts';
import { namesOf } from '../../model/names-of.ts';
import { ownPorts, type ReplicaId, type Service } from '../../model/service.ts';
import { holdsNames, namesAtIngress } from '../../model/service-names.ts';
import { hiddenLabels, replicaEnvironment, replicaLabels } from '../../model/shown-to-proxies.ts';
import { fileLabels, fileMounts } from '../files/file-volumes.ts';
import type { PlacedFile } from '../files/place-files.ts';
import { ownDirectories } from '../files/write-service-files.ts';
import type { SharedNamespaces } from './shared-namespaces.ts';

export interface ReplicaOptions {
  readonly projectName: string;
  /** Names of its networks on the engine, in order. */
  readonly networks: readonly string[];
  readonly release: string;
  readonly replica: ReplicaId;
  readonly container: string;
  /** Hash of the resolved service. */
  readonly spec: string;
  readonly shared: SharedNamespaces;
  /** Its configs and secrets. */
  readonly files: readonly PlacedFile[];
  /** Paths that the image declares as volumes. */
  readonly imageVolumes: readonly string[];
  /** The container whose anonymous volumes it inherits. */
  readonly inherits: ContainerDetails | undefined;
}

/** The container of one replica, for the engine to create. */
export function replicaSpec(service: Service, options: ReplicaOptions): ContainerSpec {
  const { entrypoint, command, user, workingDir, healthcheck, stopSignal, platform } = service;
  const { networkMode, ...shared } = options.shared;
  return {
    ...service.settings,
    ...shared,
    name: options.container,
    image: service.image,
    labels: labelsOf(service, options),
    environment: replicaEnvironment(service),
    mounts: mountsOf(service, options),
    networks: networkMode === undefined ? endpointsOf(service, options) : [],
    restart: service.restart,
    stopGracePeriodMs: service.stopGracePeriodMs,
    // In another container's network, it cannot publish ports.
    ...((networkMode === undefined || networkMode === 'bridge') && { ports: ownPorts(service) }),
    ...(networkMode !== undefined && { networkMode }),
    ...(platform !== undefined && { platform }),
    ...(entrypoint && { entrypoint }),
    ...(command && { command }),
    ...(user !== undefined && { user }),
    ...(workingDir !== undefined && { workingDir }),
    ...(healthcheck && { healthcheck }),
    ...(stopSignal !== undefined && { stopSignal }),
  };
}

/**
 * Every replica has names of its own: `tasks.<service>` leads to all replicas, as in Swarm, and
 * `<project>-<service>-<n>` to one, as Compose names its containers. It has the service's names, and the addresses from
 * the file, only without an ingress.
 */
function endpointsOf(service: Service, { projectName, networks, replica }: ReplicaOptions): EndpointSpec[] {
  const own = [`tasks.${service.name}`, `${projectName}-${service.name}-${replica.index}`];
  return service.networks.map((network, at) => {
    const { key, ipv4Address: _4, ipv6Address: _6, linkLocalIps: _local, ...withoutAddress } = network;
    const { key: _, ...all } = network;
    return {
      ...(namesAtIngress(service) ? withoutAddress : all),
      name: networks[at] ?? key,
      aliases: [...new Set([...own, ...(holdsNames(service) ? namesOf(service, key) : [])])],
    };
  });
}

function mountsOf(
  service: Service,
  { projectName, container, files, imageVolumes, inherits }: ReplicaOptions,
): Mount[] {
  const own = ownDirectories(files);
  const inherited = (target: string): string | undefined =>
    own.includes(target) ? undefined : inherits?.volumes.find((volume) => volume.target === target)?.name;
  const mounts = service.mounts.map((mount): Mount => {
    const source = mount.kind === 'volume' && mount.source === undefined ? inherited(mount.target) : undefined;
    return mount.kind === 'volume' && source !== undefined ? { ...mount, source } : mount;
  });
  const covered = new Set(mounts.map(({ target }) => target));
  const ofImage = imageVolumes.flatMap((target): Mount[] => {
    const source = covered.has(target) ? undefined : inherited(target);
    return source === undefined ? [] : [{ kind: 'volume', source, target, readOnly: false }];
  });
  const ofFiles = own.map(
    (target): Mount => ({ kind: 'volume', target, readOnly: false, labels: fileLabels(projectName, container) }),
  );
  return [...mounts, ...ofImage, ...ofFiles, ...fileMounts(container, files)];
}

/**
 * The project's own labels. Because of Compose's labels, `docker compose ps -a` lists it; because of oneoff, a stray
 * `docker compose up` does not remove it.
 */
const labelsOf = (
  service: Service,
  { projectName, replica, release, spec }: ReplicaOptions,
): Record<string, string> => ({
  ...replicaLabels(service),
  ...hiddenLabels(service),
  'com.docker.compose.project': projectName,
  'com.docker.compose.service': service.name,
  'com.docker.compose.container-number': String(replica.index),
  'com.docker.compose.config-hash': spec,
  'com.docker.compose.oneoff': 'True',
  [LABEL.project]: projectName,
  [LABEL.role]: 'replica',
  [LABEL.service]: service.name,
  [LABEL.index]: String(replica.index),
  [LABEL.release]: release,
  [LABEL.spec]: spec,
});
