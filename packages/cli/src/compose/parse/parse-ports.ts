import { isIP } from 'node:net';
import { newMap, type TreeMap } from '../tree.ts';

/** The ports of a short form in the long form, or the error. */
export type ParsedPorts =
  | { readonly ports: TreeMap[]; readonly error?: undefined }
  | { readonly ports?: undefined; readonly error: string };

interface Range {
  readonly from: number;
  readonly to: number;
}

const PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);

/**
 * Reads `[[ip:]host:]container[/protocol]`. Both ports may be ranges of the same length. A host range for one port
 * means any port in it.
 */
export function parsePorts(text: string): ParsedPorts {
  const [address, proto] = cut(text, '/');
  const { ip, host, container } = splitAddress(address);
  if (container === '') return { error: `no port in "${text}"` };
  const protocol = proto === '' ? 'tcp' : proto.toLowerCase();
  if (!PROTOCOLS.has(protocol)) return { error: `"${text}": unknown protocol "${proto}"` };
  const hostIp = ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip;
  if (hostIp !== '' && (isIP(hostIp) === 0 || (hostIp === ip && ip.includes(':'))))
    return { error: `"${text}": "${ip}" is not an IP address` };
  const inside = parseRange(container);
  if (inside === undefined) return { error: `"${text}": "${container}" is not a port` };
  const outside = host === '' ? undefined : parseRange(host);
  if (host !== '' && outside === undefined) return { error: `"${text}": "${host}" is not a port` };
  const count = inside.to - inside.from + 1;
  const isAnyOf = outside !== undefined && count === 1 && outside.to > outside.from;
  if (outside !== undefined && outside.to - outside.from + 1 !== count && !isAnyOf)
    return { error: `"${text}": the ranges ${host} and ${container} have different lengths` };
  const ports = Array.from({ length: count }, (_, index) => {
    const published =
      outside === undefined ? undefined : isAnyOf ? `${outside.from}-${outside.to}` : String(outside.from + index);
    return newMap([
      ['mode', 'ingress'],
      ...(hostIp === '' ? [] : [['host_ip', hostIp] as const]),
      ['target', inside.from + index],
      ...(published === undefined ? [] : [['published', published] as const]),
      ['protocol', protocol],
    ]);
  });
  return { ports: ports.toSorted((a, b) => (String(a.target) < String(b.target) ? -1 : 1)) };
}

/** The number of ports in a short form, without parsing them; 1 if it is not a range. */
export function countPorts(text: string): number {
  const [, from, to] = /([0-9]{1,15})-([0-9]{1,15})(?:\/[a-z]*)?$/i.exec(text) ?? [];
  return from === undefined ? 1 : Math.max(1, Number(to) - Number(from) + 1);
}

/** The container's port comes after the last colon, the host's port before it. */
function splitAddress(text: string): { ip: string; host: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return { ip: parts.join(':'), host, container };
}

function parseRange(text: string): Range | undefined {
  const match = /^([0-9]+)(?:-([0-9]+))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from > to || to > 65_535 ? undefined : { from, to };
}

function cut(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
