import { plainAddress } from './address-range.ts';
import type { ServiceNetwork } from './service.ts';

/** The static addresses of a service in a network, from the file, in canonical spelling. */
export const saidAddresses = ({
  ipv4Address,
  ipv6Address,
}: Pick<ServiceNetwork, 'ipv4Address' | 'ipv6Address'>): string[] =>
  [ipv4Address, ipv6Address].flatMap((one) => (one === undefined ? [] : (plainAddress(one) ?? [])));
