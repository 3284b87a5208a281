import type { EndpointSpec } from '../model/container.ts';
import { isOlder } from './api-version.ts';
import { SINCE } from './container-api.ts';

/** A container's endpoint in a network, for creating or connecting the container. */
export function endpointRequest(endpoint: EndpointSpec, apiVersion: string): object {
  const { aliases, ipv4Address, ipv6Address, linkLocalIps, links, macAddress, driverOpts } = endpoint;
  const addressed = ipv4Address !== undefined || ipv6Address !== undefined || linkLocalIps !== undefined;
  return {
    Aliases: aliases,
    ...(addressed && {
      IPAMConfig: {
        ...(ipv4Address !== undefined && { IPv4Address: ipv4Address }),
        ...(ipv6Address !== undefined && { IPv6Address: ipv6Address }),
        ...(linkLocalIps && { LinkLocalIPs: linkLocalIps }),
      },
    }),
    ...(links && { Links: links }),
    // In older versions, the container itself has it.
    ...(macAddress !== undefined && !isOlder(apiVersion, SINCE.endpoints) && { MacAddress: macAddress }),
    ...(driverOpts && { DriverOpts: driverOpts }),
  };
}
