import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/** The IPv4 subnets that this machine reaches by a route, and its nameservers. */
export interface HostRoutes {
  readonly routes: readonly { readonly device: string; readonly subnet: string }[];
  readonly nameservers: readonly string[];
}

/**
 * Reads the same routes and nameservers that an engine on this machine looks at when it chooses a subnet.
 *
 * @returns undefined where there is no `/proc/net/route`, which only Linux has
 */
export async function readHostRoutes(): Promise<HostRoutes | undefined> {
  const [routes, ...resolvers] = await Promise.all(['/proc/net/route', ...RESOLVERS].map(read));
  if (routes === undefined) return undefined;
  return {
    routes: parseRoutes(routes, endianness()),
    nameservers: resolvers.flatMap((text) => parseNameservers(text ?? '')),
  };
}

/** The second one has the real nameservers where the first one names systemd-resolved. */
const RESOLVERS = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch((): undefined => undefined);

/** The lines of `/proc/net/route`, without default routes. Numbers are in the byte order of the machine. */
export function parseRoutes(text: string, order: 'BE' | 'LE'): HostRoutes['routes'] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [device = '', destination = '', , , , , , mask = ''] = line.trim().split(/\s+/);
      const prefix = bytesOf(mask, order).reduce((sum, byte) => sum + bitsIn(byte), 0);
      if (prefix === 0) return [];
      return [{ device, subnet: `${bytesOf(destination, order).join('.')}/${prefix}` }];
    });
}

/** The IPv4 nameservers of a `resolv.conf`. */
export const parseNameservers = (text: string): string[] =>
  text.split('\n').flatMap((line) => {
    const [word, address = ''] = line.trim().split(/\s+/);
    return word === 'nameserver' && isIPv4(address) ? [address] : [];
  });

function bytesOf(hex: string, order: 'BE' | 'LE'): number[] {
  const bytes = [...Buffer.from(hex, 'hex')];
  return order === 'LE' ? bytes.toReversed() : bytes;
}

const bitsIn = (byte: number): number => byte.toString(2).replaceAll('0', '').length;
