import { defined } from '../../model/defined.ts';
import type { Network, Volume } from '../../model/project.ts';
import type { ServiceNetwork } from '../../model/service.ts';
import type { ComposeConfig, NetworkConfig } from '../compose-config.ts';
import type { ServiceConfig } from '../service-config.ts';

/**
 * The networks of a service with its names there, highest priority first. Names in the `links` of other services count
 * as its own: no other service on its networks may have them.
 */
export function serviceNetworks(name: string, service: ServiceConfig, config: ComposeConfig): ServiceNetwork[] {
  const linked = Object.values(config.services).flatMap(({ links = [] }) =>
    links.map((link) => link.split(':')).flatMap(([to, alias]) => (to === name && alias !== undefined ? [alias] : [])),
  );
  return Object.entries(service.networks ?? {})
    .toSorted(([a, one], [b, other]) => (other?.priority ?? 0) - (one?.priority ?? 0) || (a < b ? -1 : 1))
    .map(([key, network], index) => ({
      key,
      aliases: [...new Set([...(network?.aliases ?? []), ...linked])].filter((alias) => alias !== name),
      ...defined({
        ipv4Address: network?.ipv4_address,
        ipv6Address: network?.ipv6_address,
        linkLocalIps: network?.link_local_ips,
        macAddress: network?.mac_address ?? (index === 0 ? service.mac_address : undefined),
        driverOpts: network?.driver_opts,
      }),
    }));
}

/** The networks of a project. */
export const networksOf = ({ networks = {} }: ComposeConfig): Network[] =>
  Object.entries(networks).map(([key, network]) => ({
    key,
    name: network.name,
    external: network.external === true,
    ...defined({
      driver: network.driver,
      driverOpts: network.driver_opts,
      internal: network.internal,
      attachable: network.attachable,
      enableIpv4: network.enable_ipv4,
      enableIpv6: network.enable_ipv6,
      ipam: ipamOf(network),
      labels: network.labels,
    }),
  }));

function ipamOf({ ipam }: NetworkConfig): Network['ipam'] {
  const { driver, config = [] } = ipam ?? {};
  if (driver === undefined && config.length === 0) return undefined;
  return {
    ...defined({ driver }),
    pools: config.map((pool) =>
      defined({
        subnet: pool.subnet,
        gateway: pool.gateway,
        ipRange: pool.ip_range,
        auxAddresses: pool.aux_addresses,
      }),
    ),
  };
}

/** The named volumes of a project. */
export const volumesOf = ({ volumes = {} }: ComposeConfig): Volume[] =>
  Object.entries(volumes).map(([key, volume]) => ({
    key,
    name: volume.name,
    external: volume.external === true,
    ...defined({ driver: volume.driver, driverOpts: volume.driver_opts, labels: volume.labels }),
  }));
