import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that nobody listened on a moment ago. Another program may take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The cast: a TCP server that listens has an address with a port.
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
