import { describe, expect, it } from 'vitest';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { planLines } from '../../src/report/plan-lines.ts';
import { deployed, tcp, testDesired, testService, testUpdate } from './plan-fixtures.ts';

const web = testService({ name: 'web', ports: [tcp(80, 80)], image: 'web:1' });
const watching = { ...web, ingress: { ...web.ingress, maxErrorRatio: 0.05 } };
const app = testService({ name: 'app', ports: [tcp(81, 80)], image: 'app:1' });

const planned = (...[before, after]: [typeof app, typeof app]) =>
  planRollout(testDesired([watching, after]), deployed(testDesired([watching, before])));

describe('a service with a max_error_ratio', () => {
  it('is watched after the last service is switched, before the commit', () => {
    const plan = planned(app, { ...app, image: 'app:2' });
    const watch = plan.steps.find(({ step }) => step.kind === 'watch-answers');
    expect(watch?.step).toMatchObject({ service: 'web', monitorMs: 10_000, maxErrorRatio: 0.05, minRequests: 20 });
    const changes = plan.steps.filter(({ step }) => ['admit-replica', 'drain-replica'].includes(step.kind));
    expect(changes).toHaveLength(4);
    expect(watch?.after).toEqual(expect.arrayContaining(changes.map(({ id }) => id)));
    expect(plan.steps.find(({ id }) => id === 'commit')?.after).toContain(watch?.id);
    expect(planLines(plan, []).join('\n')).toMatch(/watch-answers +web +at most 5 % may be 5xx for 10 s/);
  });

  it('is watched for its own monitor time, with its own min_requests', () => {
    const patient = {
      ...watching,
      update: testUpdate({ order: 'start-first', monitorMs: 30_000 }),
      ingress: { ...watching.ingress, minRequests: 100 },
    };
    const before = deployed(testDesired([patient]));
    const { steps } = planRollout(testDesired([{ ...patient, image: 'web:2' }]), before);
    expect(steps.flatMap(({ step }) => (step.kind === 'watch-answers' ? [step] : []))).toMatchObject([
      { monitorMs: 30_000, minRequests: 100 },
    ]);
  });

  it('is not watched if nothing changes', () => {
    expect(planned(app, app).steps).toEqual([]);
  });
});
