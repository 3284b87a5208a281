import { addressAt, plainAddress, rangeOf } from '../../model/address-range.ts';
import type { Engine } from '../../model/engine.ts';
import type { IngressPeers } from '../../model/ingress.ts';
import type { AddressPool } from '../../model/project.ts';
import type { PeerNetwork } from '../../model/step-inputs.ts';

/** Drivers of networks that contain only containers. With others, such as `macvlan`, the LAN is on the network too. */
const DRIVERS = ['bridge', 'overlay'];

/** The peers that may connect to an ingress: the containers on its own networks. */
export async function readPeers(
  engine: Pick<Engine, 'inspectNetwork'>,
  networks: readonly PeerNetwork[],
): Promise<IngressPeers> {
  const found = await Promise.all(
    networks.map(async ({ network, isOwn }) => {
      const details = await engine.inspectNetwork(network);
      const pools = details?.pools ?? [];
      const own = isOwn && DRIVERS.includes(details?.driver ?? '');
      return { subnets: own ? pools.flatMap(({ subnet }) => subnet ?? []) : [], gateways: pools.flatMap(gatewayOf) };
    }),
  );
  return { subnets: found.flatMap(({ subnets }) => subnets), gateways: found.flatMap(({ gateways }) => gateways) };
}

/** Engines before 28 do not report the gateway of a given subnet. It is the first address that they assign. */
function gatewayOf({ subnet, gateway, ipRange }: AddressPool): string[] {
  const known = gateway === undefined ? undefined : plainAddress(gateway);
  if (known !== undefined) return [known];
  const whole = rangeOf(subnet);
  const { version, first } = rangeOf(ipRange) ?? whole ?? {};
  if (version === undefined || first === undefined) return [];
  // The first address of a subnet is the network's own.
  return [addressAt(version, first === whole?.first ? first + 1n : first)];
}
