import { plainAddress } from './address-range.ts';
import type { ServiceNetwork } from './service.ts';

/** The static addresses that the file gives a service in a network, in one spelling. */
export const saidAddresses = ({
  ipv4Address,
  ipv6Address,
}: Pick<ServiceNetwork, 'ipv4Address' | 'ipv6Address'>): string[] =>
  [ipv4Address, ipv6Address].flatMap((one) => (one === undefined ? [] : (plainAddress(one) ?? [])));
