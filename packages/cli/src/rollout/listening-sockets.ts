import type { Engine } from '../model/engine.ts';

/**
 * TCP sockets that listen inside a container, from /proc/net/tcp and tcp6 (proc_net_tcp(5)): the local address is hex, in
 * 32-bit words of the machine's byte order, and state 0A is LISTEN. Empty where the container has no `cat`.
 */
export async function listeningSockets(
  engine: Engine,
  container: string,
): Promise<{ address: string; port: number }[]> {
  const tables = await engine
    .exec(container, ['cat', '/proc/net/tcp', '/proc/net/tcp6'], { timeoutMs: 30_000 })
    .catch(() => undefined);
  return tables === undefined ? [] : parseSockets(tables.output);
}

/** The parsing of {@link listeningSockets}; the engine's own DNS on 127.0.0.11 is left out. */
export function parseSockets(text: string): { address: string; port: number }[] {
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
