import type { Engine } from '../../model/engine.ts';
import { onErrand } from './errands.ts';

export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
}

const TABLES = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
/** A line has 150 bytes; connections that ended within a minute have lines too. Listening sockets come first. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * TCP sockets that listen inside a container, from /proc/net/tcp and tcp6 (proc_net_tcp(5)): the local address is hex,
 * in 32-bit words of the machine's byte order; state 0A is LISTEN. Undefined if the container has no `cat`.
 */
export async function listeningSockets(engine: Engine, container: string): Promise<ListeningSocket[] | undefined> {
  const tables = await engine
    .exec(container, TABLES, { timeoutMs: 30_000, mostBytes: MOST_BYTES })
    .catch(() => undefined);
  // Without IPv6 there is no tcp6, and `cat` fails after printing the rest.
  return tables?.output.includes('local_address') ? parseSockets(tables.output) : undefined;
}

/**
 * The same from outside, for an image without `cat`: reads them in a container that shares the network.
 *
 * @param image an ingress image
 */
export async function socketsFromOutside(
  engine: Engine,
  project: string,
  image: string,
  container: string,
): Promise<ListeningSocket[]> {
  const spec = { image, entrypoint: ['sleep'], command: ['60'], networkMode: `container:${container}` };
  const isOver = async (): Promise<boolean> => (await engine.inspectContainer(container))?.state !== 'running';
  // A container that has ended has no network to share, and listens on nothing.
  if (await isOver()) return [];
  try {
    return await onErrand(engine, project, spec, async (errand) => {
      await engine.startContainer(errand);
      return (await listeningSockets(engine, errand)) ?? [];
    });
  } catch (error) {
    if (await isOver()) return [];
    throw error;
  }
}

/**
 * The ports that others can reach and should. Ports that look random are left out.
 */
export const servedPorts = (sockets: readonly ListeningSocket[]): number[] => [
  ...new Set(sockets.flatMap((one) => (isLoopback(one) || isEphemeral(one.port) ? [] : [one.port]))),
];

/** The ports that others can reach but that look as if the program got them at random. */
export const randomPorts = (sockets: readonly ListeningSocket[]): number[] => [
  ...new Set(sockets.flatMap((one) => (isEphemeral(one.port) && !isLoopback(one) ? [one.port] : []))),
];

const isLoopback = ({ address }: ListeningSocket): boolean => address === '::1' || address.startsWith('127.');

/** `ip_local_port_range` of Linux, ip(7). */
const isEphemeral = (port: number): boolean => port >= 32_768 && port <= 60_999;

/** Parses for {@link listeningSockets}. Leaves out the engine's own DNS on 127.0.0.11. */
export function parseSockets(text: string): ListeningSocket[] {
  const sockets = text.split('\n').flatMap((line) => {
    const match = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /.exec(line);
    const [, hex, port] = match ?? [];
    return hex === undefined || port === undefined
      ? []
      : [{ address: addressOf(hex), port: Number.parseInt(port, 16) }];
  });
  return sockets.filter(({ address }) => address !== '127.0.0.11');
}

function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  if (bytes.length === 4) return bytes.join('.');
  if (hex === '0'.repeat(32)) return '::';
  if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  return bytes.subarray(0, 10).every((byte) => byte === 0) ? bytes.subarray(12).join('.') : bytes.toString('hex');
}
