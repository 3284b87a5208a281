import { planRollout } from '../../../packages/cli/src/plan/plan-rollout.ts';
import { deployed, testDesired, testService } from '../../../packages/cli/test/plan/plan-fixtures.ts';
import { milliseconds } from '../milliseconds.ts';
import { LOBBIE, type Scenario } from '../scenario.ts';
import { nothing } from '../stages/nothing.ts';
import { timeWith } from '../timed.ts';

const JSON_COPY = 'JSON copy of its input';
const REPLICAS_PER_SERVICE = 10;
/** Small plans are made as often as this, so that the clock can tell them apart. */
const REPLICAS_A_ROUND = 1000;

/** Planning a deploy that replaces every replica. It is a pure function: nothing is asked. */
export const plan: Scenario<void> = {
  name: 'plan',
  title: 'planning',
  sizeOf: 'replicas',
  sizes: [10, 100, 1000, 10_000],
  rounds: 5,
  warmUps: 2,
  metrics: [timeWith()],
  stage: nothing,
  contestants: (_bench, _stage, size) => {
    const services = Array.from({ length: size / REPLICAS_PER_SERVICE }, (_, at) =>
      testService({ name: `web-${at}`, image: `p-web-${at}:1`, replicas: REPLICAS_PER_SERVICE, ports: [] }),
    );
    const observed = deployed(testDesired(services));
    const desired = testDesired(services.map((service) => ({ ...service, image: `${service.image}-next` })));
    const times = Math.max(1, REPLICAS_A_ROUND / size);
    const each = async (act: () => unknown): Promise<{ time: number }> => {
      const time = await milliseconds(async () => {
        for (let done = 0; done < times; done += 1) act();
      });
      return { time: time / times };
    };
    return [
      { name: LOBBIE, measure: () => each(() => planRollout(desired, observed)) },
      { name: JSON_COPY, measure: () => each(() => JSON.parse(JSON.stringify({ desired, observed }))) },
    ];
  },
};
