import { withCompose } from '../compose-contestant.ts';
import { milliseconds } from '../milliseconds.ts';
import type { Twins } from '../project.ts';
import { LOBBIE, type Scenario } from '../scenario.ts';
import { deployed } from '../stages/deployed.ts';

/** The rival of commands that only look. */
export const COMPOSE_PS = 'compose ps';

/** `lobbie status` of a running project. */
export const status: Scenario<Twins> = {
  name: 'status',
  title: '`lobbie status`',
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
      bars: [
        { against: COMPOSE_PS, limit: 2, sizes: [1] },
        { against: COMPOSE_PS, limit: 3, sizes: [50] },
      ],
    },
  ],
  stage: deployed,
  contestants: (bench, twins) => [
    {
      name: LOBBIE,
      measure: async () => ({ time: await milliseconds(() => bench.lobbie('status', '-p', twins.lobbie.name)) }),
    },
    ...withCompose(bench, (compose) => [
      {
        name: COMPOSE_PS,
        measure: async () => ({ time: await milliseconds(() => compose.run(...twins.compose.argv, 'ps')) }),
      },
    ]),
  ],
};
