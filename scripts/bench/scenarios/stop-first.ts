import { bareServer, startBare, untilAnswers } from '../bare-api.ts';
import type { Bench } from '../bench.ts';
import { underLoad } from '../load/under-load.ts';
import { milliseconds } from '../milliseconds.ts';
import { FLOOR, LOBBIE, type Scenario } from '../scenario.ts';
import { type Replicas, stopFirstService } from '../stages/replicas.ts';

/** One client that asks all the time: its slowest request has waited for the whole pause. */
const CLIENT = { clients: 1, pauseMs: 1 };
const STOP_MS = 10_000;

/** The pause of a service that stops before the next one starts. On the bare API the next one is created before. */
export const stopFirst: Scenario<Replicas> = {
  name: 'stop-first',
  title: 'pause of a stop-first service',
  sizeOf: '',
  sizes: [1],
  rounds: 7,
  metrics: [{ key: 'pause', label: '', unit: 'ms', better: 'less', bars: [{ against: FLOOR, limit: 1.2 }] }],
  stage: stopFirstService,
  contestants: (bench, { project, url }) => {
    const [old, next] = [bench.name('bare-old'), bench.name('bare-new')];
    return [
      {
        name: LOBBIE,
        measure: async () => {
          const { slowest, lost } = await underLoad(url, () => bench.lobbie('recreate', '-p', project.name), CLIENT);
          if (lost !== 0) throw new Error(`${lost} requests were lost.`);
          return { pause: slowest ?? Number.NaN };
        },
      },
      {
        name: FLOOR,
        before: () => prepareBare(bench, old, next),
        measure: async () => {
          const pause = await milliseconds(async () => {
            await bench.engine.stopContainer(old, STOP_MS);
            await bench.engine.startContainer(next);
            await untilAnswers(bench, next);
          });
          await removeBare(bench, old, next);
          return { pause };
        },
      },
    ];
  },
};

async function prepareBare(bench: Bench, old: string, next: string): Promise<void> {
  const network = bench.name('bare');
  await bench.engine.createNetwork({ name: network, labels: {} });
  await startBare(bench, bareServer(bench, old, network));
  await bench.engine.createContainer(bareServer(bench, next, network));
}

async function removeBare({ engine, name }: Bench, ...containers: readonly string[]): Promise<void> {
  await Promise.all(containers.map((container) => engine.removeContainer(container, { force: true })));
  await engine.removeNetwork(name('bare'));
}
