import { expect, it } from 'vitest';
import { impacts } from '../../src/plan/impacts.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { deployed, testDesired, testService } from './plan-fixtures.ts';

it('shows the gap when a service is renamed and keeps its port', () => {
  const observed = deployed(testDesired([testService({ name: 'web' })]));
  const desired = testDesired([testService({ name: 'site' })], { removeOrphans: true });
  const told = impacts(desired, observed, planRollout(desired, observed));
  expect(told.map(({ service, notice }) => `${service}: ${notice}`)).toEqual([
    expect.stringMatching(/^site: a gap of about [\d.]+ s: web has its port now$/),
    'web: goes away',
  ]);
});
