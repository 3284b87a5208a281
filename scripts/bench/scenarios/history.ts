import { withCompose } from '../compose-contestant.ts';
import { milliseconds } from '../milliseconds.ts';
import type { Twins } from '../project.ts';
import { LOBBIE, type Scenario } from '../scenario.ts';
import { deployed } from '../stages/deployed.ts';
import { COMPOSE_PS } from './status.ts';

/** `lobbie history` of a running project. */
export const history: Scenario<Twins> = {
  name: 'history',
  title: '`lobbie history`',
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
      bars: [],
    },
  ],
  stage: deployed,
  contestants: (bench, twins) => [
    {
      name: LOBBIE,
      measure: async () => ({ time: await milliseconds(() => bench.lobbie('history', '-p', twins.lobbie.name)) }),
    },
    ...withCompose(bench, (compose) => [
      {
        name: COMPOSE_PS,
        measure: async () => ({ time: await milliseconds(() => compose.run(...twins.compose.argv, 'ps')) }),
      },
    ]),
  ],
};
