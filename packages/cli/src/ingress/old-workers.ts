import type { Engine } from '../model/engine.ts';
import { count, parseProxyStats } from './proxy-stats.ts';
import { refuseUnrunnable } from './refuse-unrunnable.ts';
import { MASTER_SOCKET } from './render-haproxy-config.ts';
import type { IngressPlace } from './runtime-session.ts';
import { createWatch, type WatchLimits } from './watch.ts';

/** HAProxy workers that a reload replaced and that still finish their requests. The Runtime API does not show them. */
export interface OldWorkers {
  /**
   * True once none of them has a session with the slot's servers in the backends that count; false if the time runs
   * out.
   */
  idle(slot: number, limits: WatchLimits, counts: (proxy: string) => boolean): Promise<boolean>;
  /** Must be called after a reload. Otherwise an ingress without old workers is assumed to have none still. */
  refresh(): void;
  /** Looks for old workers now, so that the first drain need not. */
  lookAhead(): void;
}

/** How long an answer may take on a busy machine before the command is sent again. */
const ANSWER_MS = 10_000;

export const watchOldWorkers = ({ engine, clock }: IngressPlace, containerId: string): OldWorkers => {
  let none = false;
  let reloads = 0;
  let ahead: Promise<unknown> | undefined;
  const ask = (command: string) => askMaster(engine, containerId, command, ANSWER_MS);
  /** Their process ids; undefined if the master did not answer. */
  const list = async (): Promise<string[] | undefined> => {
    const asked = reloads;
    const answer = await ask('show proc');
    const pids = answer === undefined ? undefined : parseOldPids(answer);
    if (asked === reloads) none = pids?.length === 0;
    return pids;
  };
  const isIdle = async (slot: number, counts: (proxy: string) => boolean): Promise<boolean> => {
    const pids = await list();
    if (pids === undefined) return false;
    const answers = await Promise.all(pids.map((pid) => ask(`@!${pid} show stat -1 4 ${slot + 1}`)));
    // A worker that ends during the question may not answer. It is not in the next list.
    if (answers.includes(undefined)) return false;
    const lines = answers.flatMap((answer = '') => parseProxyStats(answer));
    return lines.every((line) => !counts(line.pxname ?? '') || count(line, 'scur') === 0);
  };
  return {
    idle: async (slot, limits, counts) => {
      await ahead;
      if (none) return true;
      return createWatch(clock, () => isIdle(slot, counts), 100).until((idle) => idle, limits);
    },
    refresh: () => {
      none = false;
      reloads += 1;
    },
    lookAhead: () => {
      ahead = list().catch(() => undefined);
    },
  };
};

/**
 * Sends one command to HAProxy's master and returns its answer, or undefined after the time limit. A reload answers
 * when it is done.
 */
export const askMaster = async (
  engine: Engine,
  containerId: string,
  command: string,
  timeoutMs: number,
): Promise<string | undefined> => {
  const line = `echo '${command}' | socat -t${Math.ceil(timeoutMs / 1000)} - UNIX-CONNECT:${MASTER_SOCKET}`;
  const { exitCode, output } = await engine.exec(containerId, ['sh', '-c', line], { timeoutMs });
  if (exitCode !== 0) refuseUnrunnable(exitCode, output);
  return exitCode === 0 ? output : undefined;
};

// The lines below `# old workers`: pid, type, reloads, uptime, version.
const parseOldPids = (answer: string): string[] => {
  const section = answer.split(/^# /m).find((part) => part.startsWith('old workers')) ?? '';
  return section
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? '')
    .filter((pid) => /^\d+$/.test(pid));
};
