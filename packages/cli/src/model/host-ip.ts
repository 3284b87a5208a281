import ipaddr from 'ipaddr.js';

/** Whether a published port is open on every address of the host: of IPv4, of IPv6, or of both where none is written. */
export const isEveryHostIp = (hostIp: string): boolean => ['', '0.0.0.0', '::'].includes(plain(hostIp));

/**
 * Whether two published ports with one number and protocol share an address of the host. An empty address means all of
 * them. As the engine binds them, `0.0.0.0` means those of IPv4 only, and `::` those of IPv6 only.
 */
export function hostIpsOverlap(one = '', other = ''): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (a === '' || b === '' || a === b) return true;
  return isIpv6(a) === isIpv6(b) && (isEveryHostIp(a) || isEveryHostIp(b));
}

const isIpv6 = (address: string): boolean => address.includes(':');

/** One spelling of each address; what is no address stays as it is. */
const plain = (text: string): string => (ipaddr.isValid(text) ? ipaddr.process(text).toString() : text);
