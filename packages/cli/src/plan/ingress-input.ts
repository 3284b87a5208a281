import type { EndpointSpec } from '../model/container.ts';
import { isDiscovered } from '../model/discovery.ts';
import { ingressAlias } from '../model/names.ts';
import { namesOf } from '../model/names-of.ts';
import { networkName, type Project } from '../model/project.ts';
import { ingressPorts, type Service } from '../model/service.ts';
import { namesAtIngress } from '../model/service-names.ts';
import { exposedByIngress, movedKeys, shownByIngress } from '../model/shown-to-proxies.ts';
import type { IngressInput, PeerNetwork } from '../model/step-inputs.ts';
import type { Desired } from './desired.ts';
import { exposedPorts } from './ingress-state.ts';

/** The input for creating an ingress container. */
export const ingressInput = (
  service: Service,
  { project, traits }: Pick<Desired, 'project' | 'traits'>,
): IngressInput => ({
  networks: endpointsOf(service, project),
  ports: ingressPorts(service),
  exposed: exposedByIngress(service, exposedPorts(service, traits[service.name])),
  ...shownByIngress(service),
  isDiscovered: movedKeys(service).length > 0,
  peers: peerNetworks(service, project),
});

/** The ingress has the service's names and the addresses from the file, unless the service uses UDP. */
function endpointsOf(service: Service, project: Project): EndpointSpec[] {
  const isKnown = namesAtIngress(service);
  return service.networks.map(({ key, ipv4Address, ipv6Address, linkLocalIps }) => ({
    ...(isKnown && ipv4Address !== undefined && { ipv4Address }),
    ...(isKnown && ipv6Address !== undefined && { ipv6Address }),
    ...(isKnown && linkLocalIps && { linkLocalIps }),
    name: networkName(project.networks, key),
    aliases: [...(isKnown ? namesOf(service, key) : []), ingressAlias(project.name, service.name)],
  }));
}

/**
 * The networks of an ingress. The project's containers are on its own networks. On a network that others created and
 * may use, no peer is known, unless the service says that a proxy finds it there.
 */
export function peerNetworks(service: Service, { networks }: Pick<Project, 'networks'>): PeerNetwork[] {
  const proxied = isDiscovered(service);
  return service.networks.map(({ key }) => {
    const network = networks.find((one) => one.key === key);
    return { network: network?.name ?? key, isOwn: network !== undefined && (!network.external || proxied) };
  });
}
