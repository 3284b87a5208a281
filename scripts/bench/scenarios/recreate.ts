import { bareReplicas } from '../bare-replicas.ts';
import { milliseconds } from '../milliseconds.ts';
import { FLOOR, LOBBIE, type Scenario } from '../scenario.ts';
import { type Replicas, replicas } from '../stages/replicas.ts';
import { timed, timeWith } from '../timed.ts';

/** All replicas replaced, without requests meanwhile. */
export const recreate: Scenario<Replicas> = {
  name: 'recreate',
  title: 'recreate without load',
  sizeOf: 'replicas',
  sizes: [3, 10],
  rounds: 5,
  metrics: [timeWith()],
  stage: replicas,
  contestants: (bench, { project }, size) => {
    const bare = bareReplicas(bench, size);
    return [
      timed(LOBBIE, () => bench.lobbie('recreate', '-p', project.name)),
      {
        name: FLOOR,
        before: bare.start,
        measure: async () => {
          const time = await milliseconds(bare.replace);
          await bare.remove();
          return { time };
        },
      },
    ];
  },
};
