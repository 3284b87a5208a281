import { bareReplicas } from '../bare-replicas.ts';
import { underLoad } from '../load/under-load.ts';
import { FLOOR, LOBBIE, type Metric, type Scenario } from '../scenario.ts';
import { type Replicas, replicas } from '../stages/replicas.ts';
import { timeWith } from '../timed.ts';

const BEFORE = 'before';
const BEFORE_MS = 3000;
const latency = (key: string, label: string, limit?: number): Metric => ({
  key,
  label,
  unit: 'ms',
  better: 'less',
  bars: limit === undefined ? [] : [{ against: BEFORE, limit }],
});

/** All replicas replaced under the load of 32 clients. The bare API works beside the same load. */
export const recreateLoaded: Scenario<Replicas> = {
  name: 'recreate-loaded',
  title: 'recreate under 32 clients',
  sizeOf: 'replicas',
  sizes: [3, 10],
  shortSizes: [3],
  rounds: 5,
  metrics: [
    timeWith({ against: FLOOR, limit: 1.5, sizes: [3] }),
    { key: 'lost', label: 'lost', unit: 'requests', better: 'less', bars: [{ against: LOBBIE, limit: 0 }] },
    latency('p50', 'median request'),
    latency('p99', 'p99', 2),
    latency('p999', 'p99.9'),
  ],
  stage: replicas,
  contestants: (bench, { project, url }, size) => {
    const bare = bareReplicas(bench, size);
    return [
      { name: LOBBIE, measure: () => underLoad(url, () => bench.lobbie('recreate', '-p', project.name)) },
      {
        name: BEFORE,
        measure: async () => {
          const { time, ...requests } = await underLoad(url, () => new Promise((go) => setTimeout(go, BEFORE_MS)));
          return requests;
        },
      },
      {
        name: FLOOR,
        before: bare.start,
        measure: async () => {
          const { time = Number.NaN } = await underLoad(url, bare.replace);
          await bare.remove();
          return { time };
        },
      },
    ];
  },
};
