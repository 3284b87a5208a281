import type { IngressPort } from '../model/ingress.ts';
import { noteSpoken } from './note-spoken.ts';
import { parseProxyStats } from './proxy-stats.ts';
import { readSpoken } from './read-counters.ts';
import { readTls } from './read-tls.ts';
import { type IngressPlace, openRuntimeSession } from './runtime-session.ts';

/** The ports of an ingress, with the protocols of the connections since its last reload. Changes nothing. */
export async function askSpoken(
  place: IngressPlace,
  containerId: string,
  ports: readonly IngressPort[],
): Promise<readonly IngressPort[]> {
  const session = openRuntimeSession(place, containerId);
  try {
    const [stats = ''] = await session.run(['show stat']);
    return noteSpoken(ports, readSpoken(parseProxyStats(stats), await readTls(session, ports)));
  } finally {
    session.close();
  }
}
