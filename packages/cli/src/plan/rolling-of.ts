import { isDiscovered } from '../model/discovery.ts';
import { isWithin } from '../model/host-path.ts';
import type { ImageTraits } from '../model/image.ts';
import { isConfigFile, type Mount } from '../model/mount.ts';
import type { Volume } from '../model/project.ts';
import { hasIngress, ingressPorts, isFixedPort, ownPorts, type RolloutOrder, type Service } from '../model/service.ts';
import { namesAtIngress } from '../model/service-names.ts';
import { imageVolumes } from './image-volumes.ts';

/** How a service's replicas are replaced, and why: `volume data`, `UDP port 53`, `the file says so`. */
export interface Rolling {
  readonly order: RolloutOrder;
  readonly because: string;
}

/**
 * Start-first if two copies at once can do no harm, otherwise stop-first: two databases on one directory are worse than
 * a pause. The file overrides this, except for things that only one container can have.
 *
 * @param volumes of the project, so that messages use their names from the file
 */
export function rollingOf(service: Service, traits?: ImageTraits, volumes: readonly Volume[] = []): Rolling {
  const said = service.update.order;
  if (said === 'stop-first') return { order: said, because: 'the file says so' };
  const single = onlyOnce(service);
  if (single !== undefined) return { order: 'stop-first', because: single };
  if (said === 'start-first') return { order: said, because: 'the file says so' };
  const because = dataOf(service, traits, volumes) ?? otherTraffic(service) ?? whyAlone(service);
  if (because !== undefined) return { order: 'stop-first', because };
  const serves =
    ingressPorts(service).length > 0
      ? 'it publishes a TCP port'
      : isDiscovered(service)
        ? 'a reverse proxy finds it'
        : 'other services reach it';
  return { order: 'start-first', because: `${serves} and mounts no data` };
}

/** A mount of a service that could be data: `volume data`, `the image's volume /data`. */
export const dataOf = (
  service: Service,
  traits: ImageTraits | undefined,
  volumes: readonly Volume[] = [],
): string | undefined =>
  writes(service, volumes) ?? imageVolumes(service, traits).map((path) => `the image's volume ${path}`)[0];

/** Why two containers of a service that mounts no data must not run at the same time. */
function whyAlone(service: Service): string | undefined {
  const { front, addressed, expose, ingress } = service;
  if (!hasIngress(service)) return 'no other service reaches it over TCP';
  if (front?.bytes) return 'its connections are not HTTP';
  const said = isDiscovered(service) || [...ingressPorts(service), ...expose, ...ingress.ports].length > 0;
  if (said) return undefined;
  if (addressed === undefined) return 'no other service names it';
  return front !== undefined && !front.listens ? 'no port of it was seen to listen' : undefined;
}

/** What only one container at a time can have: a host port, an address in a network. */
function onlyOnce(service: Service): string | undefined {
  const port = ownPorts(service).find(isFixedPort);
  if (port !== undefined) return `${port.protocol.toUpperCase()} port ${port.published}`;
  const mac = service.networks.find(({ macAddress }) => macAddress !== undefined)?.macAddress;
  if (mac !== undefined) return `MAC address ${mac}`;
  // With an ingress, the ingress has the address.
  const networks = namesAtIngress(service) ? [] : service.networks;
  const address = networks.map(({ ipv4Address, ipv6Address }) => ipv4Address ?? ipv6Address).find(Boolean);
  return address && `static address ${address}`;
}

function writes(service: Service, volumes: readonly Volume[]): string | undefined {
  const mount = service.mounts.find((one): one is DataMount => isData(one, service));
  if (mount === undefined) return undefined;
  const name = dataName(mount, service, volumes);
  return mount.kind === 'bind' ? `${name} is mounted` : name;
}

/** The volumes and directories that all replicas of a service write to: `volume data`, `./uploads`. */
export const sharedData = (service: Service, volumes: readonly Volume[] = []): string[] =>
  service.mounts
    .filter((mount): mount is DataMount => isData(mount, service))
    // Each container has its own anonymous volume.
    .flatMap((mount) => (mount.source === undefined ? [] : [dataName(mount, service, volumes)]));

type DataMount = Exclude<Mount, { kind: 'tmpfs' }>;

const isData = (mount: Mount, service: Service): mount is DataMount =>
  mount.kind !== 'tmpfs' && isWritten(mount, service);

function isWritten(mount: DataMount, { build }: Service): boolean {
  if (mount.readOnly) return false;
  if (mount.kind === 'volume') return true;
  // Source code and configuration are only read, and a socket is not data.
  return !(mount.source === build?.context || mount.source.endsWith('.sock') || isConfigFile(mount.source));
}

function dataName(mount: DataMount, { build }: Service, volumes: readonly Volume[]): string {
  if (mount.kind === 'bind') return within(build?.context, mount.source);
  if (mount.source === undefined) return `a volume at ${mount.target}`;
  return `volume ${volumes.find(({ name }) => name === mount.source)?.key ?? mount.source}`;
}

function otherTraffic({ ports, networkMode, exposesUdp }: Service): string | undefined {
  const port = ports.find(({ protocol }) => protocol !== 'tcp');
  if (port !== undefined) return `${port.protocol.toUpperCase()} port ${port.published || port.target}`;
  // Its name leads to every replica, even before its gate.
  if (exposesUdp) return 'it exposes a UDP port';
  return networkMode && (networkMode === 'host' ? 'host network' : `network_mode ${networkMode}`);
}

/** A path below the build context as written in the file. */
const within = (context: string | undefined, path: string): string =>
  context !== undefined && isWithin(path, context) ? `.${path.slice(context.length)}` : path;
