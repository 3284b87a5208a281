import type { ImageTraits } from '../model/image.ts';
import type { Volume } from '../model/project.ts';
import { hasIngress, isFixedPort, mayHaveIngress, ownPorts, type Service } from '../model/service.ts';
import { dataOf } from './rolling-of.ts';

/**
 * One line on how to avoid the gap or the pause of a stop-first service, for its cause. Start-first is suggested with a
 * condition, because only the user knows whether two copies may run at once.
 *
 * @param volumes of the project, so that messages use their names from the file
 */
export function avoidGap(service: Service, traits?: ImageTraits, volumes: readonly Volume[] = []): string {
  const { networkMode, networks, ingress } = service;
  if (networkMode !== undefined)
    return `To avoid it: give it networks and ports instead of network_mode ${networkMode}.`;
  const port = ownPorts(service).find(isFixedPort);
  if (port !== undefined)
    return `It cannot be avoided: only one container at a time can have ${port.protocol.toUpperCase()} port ${port.published} of the host.`;
  const single = networks.find((one) => one.macAddress ?? one.ipv4Address ?? one.ipv6Address);
  if (single?.macAddress !== undefined)
    return 'To avoid it: remove mac_address. Only one container at a time can have it.';
  if (single !== undefined && !hasIngress(service))
    return "To avoid it: remove the static address. Other services can use the service's name.";
  const data = dataOf(service, traits, volumes);
  const startFirst = `deploy.update_config.order: start-first, if two copies may ${data === undefined ? 'run' : `use ${data}`} at once`;
  if (hasIngress(service)) return `Requests wait meanwhile. To avoid it: ${startFirst}.`;
  if (data !== undefined && ingress.wanted === false) return 'To let connections wait: remove x-lobbie.ingress: false.';
  return data !== undefined && mayHaveIngress(service)
    ? 'To let connections wait instead of failing: x-lobbie.ingress: true.'
    : `To avoid it: ${startFirst}.`;
}
