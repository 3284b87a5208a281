import type { Bench } from '../bench.ts';
import { withCompose } from '../compose-contestant.ts';
import { type Twins, writeTwins } from '../project.ts';
import { COMPOSE, LOBBIE, type Scenario } from '../scenario.ts';
import { deployed, servicesOf } from '../stages/deployed.ts';
import { timed, timeWith } from '../timed.ts';

/** One variable of one service has changed. lobbie replaces its container without a gap; Compose stops it first. */
export const changed: Scenario<Twins> = {
  name: 'changed',
  title: 'deploy, one variable changed',
  sizeOf: 'services',
  sizes: [1, 10, 50],
  rounds: 5,
  metrics: [timeWith()],
  stage: deployed,
  contestants: (bench, twins, size) => [
    timed(
      LOBBIE,
      () => bench.lobbie('deploy', ...twins.lobbie.argv),
      () => change(bench, size),
    ),
    ...withCompose(bench, (compose) => [
      timed(
        COMPOSE,
        () => compose.run(...twins.compose.argv, 'up', '--detach', '--wait'),
        () => change(bench, size),
      ),
    ]),
  ],
};

async function change(bench: Bench, size: number): Promise<void> {
  await writeTwins(bench, servicesOf(bench, size, `${performance.now()}`));
}
