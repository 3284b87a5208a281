import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { containerUsage } from '../container-usage.ts';
import { type Contestant, LOBBIE, type Scenario } from '../scenario.ts';
import { type Proxies, proxies } from '../stages/proxies.ts';

const WAIT_MS = 60_000;
const SHORT_WAIT_MS = 10_000;

/** What an ingress costs while no request comes: `cpu.stat` and `memory.stat` of its control group. */
export const idle: Scenario<Proxies> = {
  name: 'idle',
  title: 'an idle ingress',
  sizeOf: '',
  sizes: [1],
  shortSizes: [1],
  rounds: 3,
  together: true,
  metrics: [
    { key: 'cpu', label: 'CPU of a core', unit: '%', better: 'less', bars: [{ against: LOBBIE, limit: 0.05 }] },
    { key: 'memory', label: 'anonymous memory', unit: 'MB', better: 'less', bars: [{ against: LOBBIE, limit: 8 }] },
  ],
  stage: proxies,
  contestants: (bench, { ingress, byHand }) => [
    waiting(bench, LOBBIE, ingress),
    waiting(bench, 'HAProxy by hand', byHand),
  ],
};

const waiting = (bench: Bench, name: string, container: string): Contestant => ({
  name,
  measure: async () => {
    const started = performance.now();
    const before = await containerUsage(bench, container);
    await wait(bench.short ? SHORT_WAIT_MS : WAIT_MS, undefined, { signal: bench.signal });
    const after = await containerUsage(bench, container);
    if (before === undefined || after === undefined) {
      bench.leaveOut('an idle ingress', 'the engine does not measure containers');
      return {};
    }
    const cpu = ((after.cpuNs - before.cpuNs) / 1e6 / (performance.now() - started)) * 100;
    const { anonymousBytes } = after;
    return { cpu, ...(anonymousBytes !== undefined && { memory: anonymousBytes / 1024 / 1024 }) };
  },
});
