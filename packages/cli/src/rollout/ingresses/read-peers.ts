import { addressAt, plainAddress, rangeOf } from '../../model/address-range.ts';
import { isDiscovered } from '../../model/discovery.ts';
import type { Engine } from '../../model/engine.ts';
import type { IngressPeers } from '../../model/ingress.ts';
import type { AddressPool, Project } from '../../model/project.ts';
import type { Service } from '../../model/service.ts';

/** Drivers of networks on which nobody is but containers. With others, such as `macvlan`, the LAN is on it too. */
const DRIVERS = ['bridge', 'overlay'];

/**
 * Who may connect to the ingress of a service. The containers of the project are on its own networks. On one that others
 * made and may use too, nobody is known, unless the service says that a proxy finds it there.
 */
export async function readPeers(engine: Engine, service: Service, project: Project): Promise<IngressPeers> {
  const proxied = isDiscovered(service);
  const found = await Promise.all(
    service.networks.map(async ({ key }) => {
      const network = project.networks.find((one) => one.key === key);
      const details = await engine.inspectNetwork(network?.name ?? key);
      const pools = details?.pools ?? [];
      const own = network !== undefined && (!network.external || proxied) && DRIVERS.includes(details?.driver ?? '');
      return { subnets: own ? pools.flatMap(({ subnet }) => subnet ?? []) : [], gateways: pools.flatMap(gatewayOf) };
    }),
  );
  return { subnets: found.flatMap(({ subnets }) => subnets), gateways: found.flatMap(({ gateways }) => gateways) };
}

/** Engines before 28 do not tell the gateway of a subnet that they were given: it is the first address that they hand out. */
function gatewayOf({ subnet, gateway, ipRange }: AddressPool): string[] {
  const known = gateway === undefined ? undefined : plainAddress(gateway);
  if (known !== undefined) return [known];
  const whole = rangeOf(subnet);
  const { version, first } = rangeOf(ipRange) ?? whole ?? {};
  if (version === undefined || first === undefined) return [];
  // The first address of a subnet is its own.
  return [addressAt(version, first === whole?.first ? first + 1n : first)];
}
