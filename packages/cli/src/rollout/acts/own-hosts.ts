import type { EndpointSpec } from '../../model/container.ts';
import { namesOf } from '../../model/names-of.ts';
import type { Service } from '../../model/service.ts';
import { namesAtIngress } from '../../model/service-names.ts';

/**
 * Lines of `/etc/hosts` that lead a replica behind an ingress to itself under its service's names: a program can listen
 * on such a name and call itself without the ingress. Programs that ask the DNS directly get the same answer from its
 * own links. Only for fixed addresses, because the lines stay the same when a container restarts.
 *
 * @param endpoints of its networks, in the order of the service
 */
export function ownHosts(service: Service, endpoints: readonly EndpointSpec[]): string[] {
  if (!namesAtIngress(service)) return [];
  const { networks, settings } = service;
  const named = new Set((settings.extraHosts ?? []).map((line) => line.split(':')[0]));
  return endpoints.flatMap(({ ipv4Address, ipv6Address }, at) => {
    const addresses = [ipv4Address, ipv6Address].filter((one) => one !== undefined);
    if (addresses.length === 0) return [];
    // A name leads to only one network: the first one.
    const unknown = namesOf(service, networks[at]?.key).filter((one) => !named.has(one));
    for (const one of unknown) named.add(one);
    return unknown.flatMap((host) => addresses.map((address) => `${host}:${address}`));
  });
}
