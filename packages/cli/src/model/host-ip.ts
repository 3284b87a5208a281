import ipaddr from 'ipaddr.js';

/** Whether a published port is open on every address of the host: all IPv4, all IPv6, or both if no address is set. */
export const isEveryHostIp = (hostIp: string): boolean => ['', '0.0.0.0', '::'].includes(plain(hostIp));

/**
 * Whether two published ports with the same number and protocol share an address of the host. An empty address means
 * all addresses. As in the engine, `0.0.0.0` means only those of IPv4, and `::` only those of IPv6.
 */
export function hostIpsOverlap(one = '', other = ''): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (a === '' || b === '' || a === b) return true;
  return isIpv6(a) === isIpv6(b) && (isEveryHostIp(a) || isEveryHostIp(b));
}

const isIpv6 = (address: string): boolean => address.includes(':');

/** The canonical spelling of an address. Any other text stays unchanged. */
const plain = (text: string): string => (ipaddr.isValid(text) ? ipaddr.process(text).toString() : text);
