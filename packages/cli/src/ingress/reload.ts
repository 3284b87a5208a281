import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { askMaster } from './former-workers.ts';
import type { RuntimeSession } from './runtime-session.ts';

/**
 * Makes HAProxy read its configuration anew, in the same container: a new worker takes over the listening sockets, the
 * former one finishes its requests. `INGRESS_FAILED` with HAProxy's words when it refuses; the former worker serves on.
 */
export const reload = async (engine: Engine, containerId: string, session: RuntimeSession): Promise<void> => {
  const before = (await readInfo(session)).pid;
  const answer = await askMaster(engine, containerId, 'reload');
  if (/^Success=1$/m.test(answer)) return meetNewWorker(session, before);
  throw new LobbieError('INGRESS_FAILED', 'The ingress refused its new configuration.', {
    details: answer.split('\n').filter((line) => /\[(ALERT|WARNING)\]/.test(line)),
  });
};

/** What the worker that the session speaks to says of itself. */
export const readInfo = async (session: RuntimeSession): Promise<{ pid: string; fingerprint: string }> => {
  const [answer = ''] = await session.run(['show info']);
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'mi').exec(answer)?.[1]?.trim() ?? '';
  return { pid: field('Pid'), fingerprint: field('Description') };
};

// Old and new worker share the socket for a moment, and either may take a new connection.
const meetNewWorker = async (session: RuntimeSession, formerPid: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    session.reconnect();
    if ((await readInfo(session)).pid !== formerPid) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new LobbieError('INGRESS_FAILED', 'The ingress was reloaded, but its former worker still answers.');
};
