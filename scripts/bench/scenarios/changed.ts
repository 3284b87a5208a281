import type { Bench } from '../bench.ts';
import { withCompose } from '../compose-contestant.ts';
import { milliseconds } from '../milliseconds.ts';
import { type Twins, writeTwins } from '../project.ts';
import { COMPOSE, LOBBIE, type Scenario } from '../scenario.ts';
import { deployed, servicesOf } from '../stages/deployed.ts';

/** One variable of one service has changed. lobbie replaces its container without a gap; Compose stops it first. */
export const changed: Scenario<Twins> = {
  name: 'changed',
  title: 'deploy, one variable changed',
  sizeOf: 'services',
  sizes: [1, 10, 50],
  rounds: 5,
  metrics: [{ key: 'time', label: '', unit: 'ms', better: 'less', bars: [] }],
  stage: deployed,
  contestants: (bench, twins, size) => [
    {
      name: LOBBIE,
      before: () => change(bench, size),
      measure: async () => ({ time: await milliseconds(() => bench.lobbie('deploy', ...twins.lobbie.argv)) }),
    },
    ...withCompose(bench, (compose) => [
      {
        name: COMPOSE,
        before: () => change(bench, size),
        measure: async () => ({
          time: await milliseconds(() => compose.run(...twins.compose.argv, 'up', '--detach', '--wait')),
        }),
      },
    ]),
  ],
};

async function change(bench: Bench, size: number): Promise<void> {
  await writeTwins(bench, servicesOf(bench, size, `${performance.now()}`));
}
