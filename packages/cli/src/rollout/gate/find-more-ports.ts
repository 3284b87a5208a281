import { randomPorts, servedPorts } from '../observe/listening-sockets.ts';
import type { Gate, PortFindings } from './gate.ts';
import { listenTo } from './listen-to.ts';

/**
 * The findings about ports that nobody named, by the sockets on which a replica listens.
 *
 * @param isHttp whether a port is known to have answered over HTTP
 */
export async function findMorePorts(
  gate: Gate,
  look: NonNullable<Gate['look']>,
  isHttp: (port: number) => boolean,
): Promise<PortFindings> {
  const named = [...gate.ports, ...gate.candidates].map(({ port }) => port);
  const sockets = await look.sockets();
  const listening = listenTo(gate);
  const more = servedPorts(sockets).filter((port) => !named.includes(port));
  await Promise.all(more.map((port) => listening.begin(look.target(port))));
  const { open, speakFirst } = listening.found();
  const random = randomPorts(sockets).filter((port) => !named.includes(port));
  return { looked: true, asked: [], closed: [], open, speakFirst, random, http: open.filter(isHttp) };
}
