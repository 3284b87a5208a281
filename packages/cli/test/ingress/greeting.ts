import { once } from 'node:events';
import { connect } from 'node:net';

/** What the server at a URL says first; empty when the connection is closed before it says anything. */
export async function greeting(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  const words = await Promise.race([once(socket, 'data').then(String), once(socket, 'close').then(() => '')]);
  socket.destroy();
  return words.trim();
}
