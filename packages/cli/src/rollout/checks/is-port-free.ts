import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { PublishedPort } from '../../model/service.ts';

/**
 * Whether no program on this machine listens on a port. Finds out by listening for a moment. If that is not possible
 * (no permission, an address of another machine, a container beside the engine's), the port counts as free, and the
 * engine will report the conflict.
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

/** A container with the engine's socket has its own ports. If it can see the engine's bridge, the engine is inside. */
const isElsewhere = (): boolean => existsSync('/.dockerenv') && !existsSync('/sys/class/net/docker0');
