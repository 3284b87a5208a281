import type { Engine } from '../model/engine.ts';
import { count, type ProxyStats, parseProxyStats } from './proxy-stats.ts';
import { MASTER_SOCKET } from './render-config.ts';
import { createWatch, type WatchLimits } from './watch.ts';

/** HAProxy processes that a reload has replaced and that still finish their requests; the Runtime API does not show them. */
export interface FormerWorkers {
  /** True once none of them has a session with these servers (`proxy/server`), false when the time has passed. */
  idle(servers: ReadonlySet<string>, limits: WatchLimits): Promise<boolean>;
  /** To be called after a reload: until then, an ingress that had no former workers is taken to have none. */
  refresh(): void;
}

export const watchFormerWorkers = (engine: Engine, containerId: string): FormerWorkers => {
  let known: boolean | undefined;
  const look = async (): Promise<ProxyStats[]> => {
    const pids = parseFormerPids(await askMaster(engine, containerId, 'show proc'));
    known = pids.length > 0;
    const answers = pids.map((pid) => askMaster(engine, containerId, `@!${pid} show stat -1 4 -1`));
    return (await Promise.all(answers)).flatMap(parseProxyStats);
  };
  const watch = createWatch(look, 100);
  return {
    idle: async (servers, limits) => {
      if (known === false) return true;
      const busy = (line: ProxyStats) => servers.has(`${line.pxname}/${line.svname}`) && count(line, 'scur') > 0;
      return watch.until((lines) => !lines.some(busy), { ...limits, timeoutMs: Math.max(limits.timeoutMs, 2000) });
    },
    refresh: () => {
      known = undefined;
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
    .filter((pid) => pid !== '');
};
