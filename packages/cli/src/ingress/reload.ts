import type { Clock } from '../model/clock.ts';
import { LobbieError } from '../model/errors.ts';
import { askMaster } from './old-workers.ts';
import type { IngressPlace, RuntimeSession } from './runtime-session.ts';

/** How long HAProxy may take to read a configuration and to start a worker with it. */
const RELOAD_MS = 120_000;

/**
 * Makes HAProxy read its configuration again, in the same container: a new worker takes over the listening sockets, and
 * the old one finishes its requests. Returns the last counters of the old worker, because the new one starts at 0.
 * `INGRESS_FAILED` with HAProxy's message if it refuses; the old worker then continues.
 */
export const reload = async (
  { engine, clock }: IngressPlace,
  containerId: string,
  session: RuntimeSession,
): Promise<WorkerInfo> => {
  const before = await readInfo(session);
  const answer = (await askMaster(engine, containerId, 'reload', RELOAD_MS)) ?? '';
  if (!/^Success=1$/m.test(answer)) {
    throw new LobbieError('INGRESS_FAILED', 'The ingress refused its new configuration.', {
      details: answer.split('\n').filter((line) => /\[(ALERT|WARNING)\]/.test(line)),
    });
  }
  // An open connection stays with the old worker as long as that lives.
  const after = await readInfo(session);
  await meetNewWorker(session, clock, before.pid);
  return after.pid === before.pid ? after : before;
};

/** Facts about a worker. */
export interface WorkerInfo {
  /** Process id inside its container. It may be the same after a restart of the container. */
  readonly pid: string;
  /** Start time, in seconds of Unix time. */
  readonly started: string;
  /** Fingerprint of its configuration; see `fingerprint`. */
  readonly fingerprint: string;
  /** Generation of its configuration; see `renderHaproxyConfig`. */
  readonly generation: number;
  /** Its answer to `show stat`. */
  readonly stats: string;
}

/** Asks the worker that the session is connected to for facts about itself. */
export const readInfo = async (session: RuntimeSession): Promise<WorkerInfo> => {
  const [info = '', stats = ''] = await session.run(['show info', 'show stat']);
  const field = (name: string): string =>
    info
      .split('\n')
      .find((line) => line.toLowerCase().startsWith(`${name}: `))
      ?.slice(name.length + 2)
      .trim() ?? '';
  const [fingerprint = '', generation = '0'] = field('description').split(' ');
  return { pid: field('pid'), started: field('start_time_sec'), fingerprint, generation: Number(generation), stats };
};

// Old and new worker share the socket for a moment, and either may accept a new connection.
const meetNewWorker = async (session: RuntimeSession, clock: Clock, oldPid: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    session.reconnect();
    if ((await readInfo(session)).pid !== oldPid) return;
    await clock.sleep(20);
  }
  throw new LobbieError('INGRESS_FAILED', 'The ingress was reloaded, but its old worker still answers.');
};
