import ipaddr from 'ipaddr.js';

/** The addresses of a subnet, including the first and the last. */
export interface AddressRange {
  readonly version: 4 | 6;
  /** Length of the prefix: 16 for `172.20.0.0/16`. */
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** The range of a subnet such as `172.20.0.0/16`; undefined for anything else. */
export function rangeOf(subnet: string | undefined): AddressRange | undefined {
  if (subnet === undefined || !ipaddr.isValidCIDR(subnet)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(subnet);
  const version = address.kind() === 'ipv4' ? 4 : 6;
  const size = 1n << BigInt(BITS[version] - prefix);
  const first = (numberOf(address) / size) * size;
  return { version, prefix, first, last: first + size - 1n };
}

/** A range as the engine writes it: `172.20.0.0/17`. */
export const subnetOf = ({ version, first, prefix }: AddressRange): string => `${addressAt(version, first)}/${prefix}`;

/** The address with this number. */
export function addressAt(version: 4 | 6, number: bigint): string {
  const bytes = Array.from({ length: BITS[version] / 8 }, (_, at) =>
    Number((number >> BigInt(BITS[version] - 8 * (at + 1))) & 0xffn),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

/** The address in its canonical spelling, without the prefix that some engines add to a gateway. */
export function plainAddress(text: string): string | undefined {
  const [address = ''] = text.split('/');
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : undefined;
}

/** Whether an address is in a range. */
export function isWithin(address: string, { version, first, last }: Omit<AddressRange, 'prefix'>): boolean {
  const parsed = ipaddr.parse(address);
  const number = numberOf(parsed);
  return (parsed.kind() === 'ipv4' ? 4 : 6) === version && number >= first && number <= last;
}

const BITS = { 4: 32, 6: 128 } as const;

const numberOf = (address: ipaddr.IPv4 | ipaddr.IPv6): bigint =>
  address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
