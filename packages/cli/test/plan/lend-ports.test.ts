import { expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Dependency, Service } from '../../src/model/service.ts';
import type { Step } from '../../src/model/step.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { deployed, nothing, testDesired, testService, testUpdate } from './plan-fixtures.ts';

const healthy = (service: string): Dependency => ({ service, condition: 'healthy', required: true, restart: false });
const { report: _report, ...plain } = testService();
const vpn: Service = { ...plain, name: 'vpn', replicas: 1 };
const app: Service = {
  ...plain,
  name: 'app',
  replicas: 1,
  ports: [],
  networks: [],
  networkMode: 'service:vpn',
  update: testUpdate(),
  dependsOn: [healthy('vpn')],
};

/** Ids of all steps that must be done before a step. */
function before(plan: Plan, id: string): ReadonlySet<string> {
  const byId = new Map(plan.steps.map((one) => [one.id, one]));
  const found = new Set(byId.get(id)?.after);
  for (const one of found) for (const next of byId.get(one)?.after ?? []) found.add(next);
  return found;
}
const idOf = (plan: Plan, kind: Step['kind'], service: string): string =>
  plan.steps.find(({ step }) => step.kind === kind && 'replica' in step && step.replica.service === service)?.id ?? '';
const kinds = (plan: Plan): string[] => plan.steps.map(({ id }) => id);

it('admits a service that lends its network once those that share it run and its ports are open', () => {
  const plan = planRollout(testDesired([app, vpn]), nothing);
  const gate = plan.steps.find(({ id }) => id === 'gate vpn-1');
  expect(gate?.step).toMatchObject({ kind: 'gate-replica', lends: true });
  expect(plan.steps.find(({ id }) => id === 'gate ports vpn-1')?.step).toMatchObject({ sharedBy: ['app'] });
  expect(before(plan, 'start app-1')).toContain('gate vpn-1');
  expect(before(plan, 'start app-1')).not.toContain('admit vpn-1');
  expect(before(plan, 'gate ports vpn-1')).toContain(idOf(plan, 'gate-replica', 'app'));
  expect(before(plan, 'admit vpn-1')).toContain('gate ports vpn-1');
});

it('lets requests wait while only a service that shares the network is replaced', () => {
  const before1 = testDesired([app, vpn]);
  const plan = planRollout(testDesired([{ ...app, image: 'p-api:2' }, vpn]), deployed(before1));
  expect(kinds(plan)).not.toContain('start vpn-1');
  expect(before(plan, idOf(plan, 'stop-replica', 'app'))).toContain(idOf(plan, 'drain-replica', 'vpn'));
  expect(before(plan, 'admit vpn-1')).toContain('gate ports vpn-1');
  expect(before(plan, 'gate ports vpn-1')).toContain('start app-1');
  expect(before(plan, 'commit')).toContain('admit vpn-1');
});

it('replaces the services that share its network, whatever depends_on says', () => {
  const before1 = testDesired([app, vpn]);
  const plan = planRollout(testDesired([app, { ...vpn, image: 'p-api:2' }]), deployed(before1));
  expect(kinds(plan)).toContain('start app-1');
  expect(before(plan, 'start app-1')).toContain('start vpn-1');
  const drain = idOf(plan, 'drain-replica', 'vpn');
  expect(before(plan, idOf(plan, 'stop-replica', 'app'))).toContain(drain);
  expect(before(plan, drain)).toContain('gate vpn-1');
});

it('has no circular wait when a service that shares the network needs the service behind the ingress', () => {
  const third: Service = { ...plain, name: 'third', replicas: 1, ports: [], dependsOn: [healthy('vpn')] };
  const plan = planRollout(
    testDesired([{ ...app, dependsOn: [healthy('vpn'), healthy('third')] }, third, vpn]),
    nothing,
  );
  for (const { id } of plan.steps) expect(before(plan, id)).not.toContain(id);
  expect(before(plan, 'start third-1')).toContain('admit vpn-1');
  expect(before(plan, 'gate ports vpn-1')).toContain('start app-1');
});
