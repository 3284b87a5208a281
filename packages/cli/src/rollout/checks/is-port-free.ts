import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { PublishedPort } from '../../model/service.ts';

/**
 * Whether nothing on this machine listens on a port, found out by listening for a moment. Where that cannot be known
 * (no right to the port, an address of elsewhere, a container beside the engine's) it counts as free: the engine itself
 * will tell.
 *
 * @param hostIp empty means all addresses
 */
export async function isPortFree(
  port: number,
  hostIp: string,
  protocol: PublishedPort['protocol'] = 'tcp',
): Promise<boolean> {
  if (isElsewhere() || protocol === 'sctp') return true;
  try {
    await (protocol === 'udp' ? tryUdp(port, hostIp) : tryTcp(port, hostIp));
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE');
  }
}

async function tryTcp(port: number, host: string): Promise<void> {
  const server = createServer();
  server.listen({ port, exclusive: true, ...(host !== '' && { host, ipv6Only: host.includes(':') }) });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

async function tryUdp(port: number, address: string): Promise<void> {
  const isIpv6 = address.includes(':');
  const socket = createSocket({ type: isIpv6 ? 'udp6' : 'udp4', ipv6Only: isIpv6 });
  try {
    socket.bind({ port, exclusive: true, ...(address !== '' && { address }) });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}

/** A container with the engine's socket has ports of its own; with the engine inside it sees the engine's bridge too. */
const isElsewhere = (): boolean => existsSync('/.dockerenv') && !existsSync('/sys/class/net/docker0');
