import type { Engine } from '../model/engine.ts';
import type { IngressPort } from '../model/ingress.ts';
import { parseProxyStats } from './proxy-stats.ts';
import { readSpoken } from './read-counters.ts';
import { openRuntimeSession } from './runtime-session.ts';

/** By port, what most connections to an ingress were since its last reload; without the ports to which none came. */
export async function askSpoken(engine: Engine, containerId: string): Promise<Map<number, IngressPort['seen']>> {
  const session = openRuntimeSession(engine, containerId);
  try {
    const [answer = ''] = await session.run(['show stat']);
    return spokenIn(answer);
  } finally {
    session.close();
  }
}

/** The same, from an answer to `show stat`. Stray connections, such as those that only look whether a port is open, do not decide. */
export const spokenIn = (answer: string): Map<number, IngressPort['seen']> =>
  new Map(
    [...readSpoken(parseProxyStats(answer))].flatMap(([port, { http, bytes }]) =>
      http + bytes === 0 ? [] : [[port, bytes > http ? 'tcp' : 'http']],
    ),
  );
