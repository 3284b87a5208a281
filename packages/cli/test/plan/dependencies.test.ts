import { expect, it } from 'vitest';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { nothing, testDesired, testService, testUpdate } from './plan-fixtures.ts';

it('starts dependents of a healthy service once its ingress listens on ports that are only exposed', () => {
  const back = testService({ name: 'back', ports: [], expose: [9000], update: testUpdate({ order: 'start-first' }) });
  const front = testService({
    name: 'front',
    dependsOn: [{ service: 'back', condition: 'healthy', required: true, restart: false }],
  });
  const { steps } = planRollout(testDesired([back, front]), nothing);
  const start = steps.find(({ id }) => id === 'start front-1');
  expect(start?.after).toEqual(expect.arrayContaining(['gate back-1', 'admit back-1']));
});
