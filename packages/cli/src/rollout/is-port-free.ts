import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Whether nothing on this machine listens on a TCP port, found out by listening for a moment. Where that cannot be
 * known (no right to the port, an address of elsewhere, a container beside the engine's) it counts as free: the engine
 * itself will tell.
 *
 * @param hostIp empty means all addresses
 */
export async function isPortFree(port: number, hostIp: string): Promise<boolean> {
  if (isElsewhere()) return true;
  const server = createServer();
  try {
    server.listen({ port, exclusive: true, ...(hostIp !== '' && { host: hostIp }) });
    await once(server, 'listening');
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE');
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}

/** A container with the engine's socket has ports of its own; with the engine inside it sees the engine's bridge too. */
const isElsewhere = (): boolean => existsSync('/.dockerenv') && !existsSync('/sys/class/net/docker0');
