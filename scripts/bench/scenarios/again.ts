import { withCompose } from '../compose-contestant.ts';
import { milliseconds } from '../milliseconds.ts';
import type { Twins } from '../project.ts';
import { LOBBIE, type Scenario } from '../scenario.ts';
import { deployed } from '../stages/deployed.ts';
import { COMPOSE_PS } from './status.ts';

/** A deploy that has nothing to do. */
export const again: Scenario<Twins> = {
  name: 'again',
  title: 'deploy again, nothing changed',
  sizeOf: 'services',
  sizes: [1, 10, 50],
  shortSizes: [1],
  rounds: 9,
  warmUps: 1,
  metrics: [
    {
      key: 'time',
      label: '',
      unit: 'ms',
      better: 'less',
      bars: [{ against: COMPOSE_PS, limit: 1.5, sizes: [1, 50] }],
    },
  ],
  stage: deployed,
  contestants: (bench, twins) => [
    {
      name: LOBBIE,
      measure: async () => ({ time: await milliseconds(() => bench.lobbie('deploy', ...twins.lobbie.argv)) }),
    },
    ...withCompose(bench, (compose) => [
      {
        name: COMPOSE_PS,
        measure: async () => ({ time: await milliseconds(() => compose.run(...twins.compose.argv, 'ps')) }),
      },
      {
        name: 'compose up',
        measure: async () => ({
          time: await milliseconds(() => compose.run(...twins.compose.argv, 'up', '--detach')),
        }),
      },
    ]),
  ],
};
