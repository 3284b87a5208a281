import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { askMaster } from './former-workers.ts';
import type { RuntimeSession } from './runtime-session.ts';

/** How long HAProxy may take to read a configuration and to start a worker with it. */
const RELOAD_MS = 120_000;

/**
 * Makes HAProxy read its configuration anew, in the same container: a new worker takes over the listening sockets, the
 * former one finishes its requests. Gives the last word of the former one, for counters begin at 0 again.
 * `INGRESS_FAILED` with HAProxy's words when it refuses; the former worker serves on.
 */
export const reload = async (engine: Engine, containerId: string, session: RuntimeSession): Promise<WorkerInfo> => {
  const before = await readInfo(session);
  const answer = (await askMaster(engine, containerId, 'reload', RELOAD_MS)) ?? '';
  if (!/^Success=1$/m.test(answer)) {
    throw new LobbieError('INGRESS_FAILED', 'The ingress refused its new configuration.', {
      details: answer.split('\n').filter((line) => /\[(ALERT|WARNING)\]/.test(line)),
    });
  }
  // An open conversation goes on with the former worker for as long as that lives.
  const after = await readInfo(session);
  await meetNewWorker(session, before.pid);
  return after.pid === before.pid ? after : before;
};

/** What a worker says of itself. */
export interface WorkerInfo {
  /** Within its container: after a restart of that it may be the same. */
  readonly pid: string;
  /** When it started, in seconds of Unix time. */
  readonly started: string;
  /** Of the configuration it runs; see `fingerprint`. */
  readonly fingerprint: string;
  /** Of that configuration; see `renderConfig`. */
  readonly generation: number;
  /** Its `show stat`. */
  readonly stats: string;
}

/** What the worker that the session speaks to says of itself. */
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

// Old and new worker share the socket for a moment, and either may take a new connection.
const meetNewWorker = async (session: RuntimeSession, formerPid: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    session.reconnect();
    if ((await readInfo(session)).pid !== formerPid) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new LobbieError('INGRESS_FAILED', 'The ingress was reloaded, but its former worker still answers.');
};
