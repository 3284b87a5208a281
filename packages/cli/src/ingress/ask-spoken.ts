import type { Engine } from '../model/engine.ts';
import type { IngressPort } from '../model/ingress.ts';
import { alpnName, countedByAlpn } from './first-bytes.ts';
import { parseProxyStats } from './proxy-stats.ts';
import { readSpoken } from './read-counters.ts';
import { openRuntimeSession } from './runtime-session.ts';

/** By port, what most connections to an ingress were since its last reload; without the ports to which none came. */
export async function askSpoken(
  engine: Engine,
  containerId: string,
  ports: readonly number[],
): Promise<Map<number, IngressPort['seen']>> {
  const session = openRuntimeSession(engine, containerId);
  try {
    const tables = ports.map((port) => `show table ${alpnName(port)}`);
    const [stats = '', ...answers] = await session.run(['show stat', ...tables]);
    return spokenIn(stats, new Map(ports.map((port, index) => [port, countedByAlpn(answers[index] ?? '')])));
  } finally {
    session.close();
  }
}

/**
 * The same, from an answer to `show stat`. Stray connections, such as those that only look whether a port is open, do not
 * decide.
 *
 * @param byTls connections to each port that carry HTTP by TLS
 */
export const spokenIn = (stats: string, byTls: ReadonlyMap<number, number>): Map<number, IngressPort['seen']> =>
  new Map(
    [...readSpoken(parseProxyStats(stats))].flatMap(([port, { http, bytes }]) => {
      const tls = byTls.get(port) ?? 0;
      return http + bytes === 0 ? [] : [[port, bytes - tls > http + tls ? 'tcp' : 'http']];
    }),
  );
