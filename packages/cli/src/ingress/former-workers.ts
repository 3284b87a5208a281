import type { Engine } from '../model/engine.ts';
import { count, parseProxyStats } from './proxy-stats.ts';
import { MASTER_SOCKET } from './render-config.ts';
import { createWatch, type WatchLimits } from './watch.ts';

/** HAProxy processes that a reload has replaced and that still finish their requests; the Runtime API hides them. */
export interface FormerWorkers {
  /** True once none of them has a session with the slot's servers, false when the time has passed. */
  idle(slot: number, limits: WatchLimits): Promise<boolean>;
  /** To be called after a reload: an ingress without former workers is taken to stay without until then. */
  refresh(): void;
  /** Asks now whether there are any, so that the first drain need not. */
  lookAhead(): void;
}

export const watchFormerWorkers = (engine: Engine, containerId: string): FormerWorkers => {
  let none = false;
  let reloads = 0;
  let ahead: Promise<unknown> | undefined;
  const list = async (): Promise<string[]> => {
    const asked = reloads;
    const pids = parseFormerPids(await askMaster(engine, containerId, 'show proc'));
    if (asked === reloads) none = pids.length === 0;
    return pids;
  };
  const sessions = async (slot: number): Promise<number> => {
    const commands = (await list()).map((pid) => `@!${pid} show stat -1 4 ${slot + 1}`);
    const answers = await Promise.all(commands.map((command) => askMaster(engine, containerId, command)));
    return answers.flatMap(parseProxyStats).reduce((sum, line) => sum + count(line, 'scur'), 0);
  };
  return {
    idle: async (slot, limits) => {
      await ahead;
      if (none) return true;
      return createWatch(() => sessions(slot), 100).until((sum) => sum === 0, limits);
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

/** One command to HAProxy's master; gives its answer. A reload is answered when it is done. */
export const askMaster = async (engine: Engine, containerId: string, command: string): Promise<string> => {
  const line = `echo '${command}' | socat -t60 - UNIX-CONNECT:${MASTER_SOCKET}`;
  return (await engine.exec(containerId, ['sh', '-c', line], { timeoutMs: 60_000 })).output;
};

// The lines below `# old workers`: pid, type, reloads, uptime, version.
const parseFormerPids = (answer: string): string[] => {
  const section = answer.split(/^# /m).find((part) => part.startsWith('old workers')) ?? '';
  return section
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? '')
    .filter((pid) => /^\d+$/.test(pid));
};
