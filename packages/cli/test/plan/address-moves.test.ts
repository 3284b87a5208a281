import { describe, expect, it } from 'vitest';
import type { ObservedState } from '../../src/model/observed.ts';
import type { Plan, PlannedStep } from '../../src/model/plan.ts';
import type { AddressPool } from '../../src/model/project.ts';
import type { Service } from '../../src/model/service.ts';
import { impacts } from '../../src/plan/impacts.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { deployed, tcp, testDesired, testRelease, testService, testStore, testUpdate } from './plan-fixtures.ts';

const FIXED: AddressPool[] = [{ subnet: '10.9.0.0/16', ipRange: '10.9.0.0/17' }];
const plain = { mounts: [], replicas: 1, ports: [], update: testUpdate() };
const calling = (name: string): Pick<Service, 'calls'> => ({ calls: [name] });
const web = testService({ ...plain, name: 'web', ports: [tcp(80, 80)], ...calling('app') });
/** Without an ingress, until it gets one. */
const app = testService({ ...plain, name: 'app' });
const withIngress = (service: Service): Service => ({ ...service, ingress: { ...service.ingress, ports: [3000] } });

/** The state after a deploy of these services, with an address for each container. */
function left(services: readonly Service[], pools?: AddressPool[]): ObservedState {
  let next = pools === undefined ? 0 : 32768;
  const addressed = <T extends object>(one: T): T & Pick<ObservedState['replicas'][number], 'heldAddresses'> => {
    next += 1;
    return { ...one, heldAddresses: { p_default: [`10.9.${next >> 8}.${next & 255}`] } };
  };
  const state = deployed(testDesired(services));
  return {
    ...state,
    replicas: state.replicas.map(addressed),
    ingresses: state.ingresses.map(addressed),
    ...(pools && { pools: { p_default: pools } }),
  };
}

const started = ({ steps }: Plan): string[] =>
  steps.flatMap(({ step }) => (step.kind === 'start-replica' ? [step.container.replace('p-', '')] : []));
const stepOf = ({ steps }: Plan, id: string): PlannedStep | undefined => steps.find((one) => one.id === id);
/** Whether one step waits for another, directly or not. */
function isAfter(plan: Plan, id: string, before: string): boolean {
  const seen = new Set([id]);
  for (const one of seen) for (const next of stepOf(plan, one)?.after ?? []) seen.add(next);
  return id !== before && seen.has(before);
}

describe('a service that gets its first ingress', () => {
  const plan = planRollout(testDesired([web, withIngress(app)]), left([web, app], FIXED));

  it('has its callers replaced once it serves, with the reason', () => {
    expect(started(plan)).toEqual(['web-1-new', 'app-1-new']);
    expect(stepOf(plan, 'start web-1')?.step.reason).toBe('app gets another address');
    expect(isAfter(plan, 'start web-1', 'admit app-1')).toBe(true);
  });

  it('is reached by its callers at its ingress, while its old containers still have the name', () => {
    expect(stepOf(plan, 'start web-1')?.step).toMatchObject({ viaIngress: ['app'] });
    expect(stepOf(plan, 'start app-1')?.step).not.toHaveProperty('viaIngress');
  });

  it('leaves services alone that do not call it or share no network with it', () => {
    const { calls: _, ...other } = web;
    expect(started(planRollout(testDesired([other, withIngress(app)]), left([other, app], FIXED)))).toEqual([
      'app-1-new',
    ]);
    const apart = { ...web, networks: [{ key: 'front', aliases: [] }] };
    expect(started(planRollout(testDesired([apart, withIngress(app)]), left([apart, app], FIXED)))).toEqual([
      'app-1-new',
    ]);
  });

  it('leaves callers that mount data alone, and names them', () => {
    const store = testStore({ name: 'web', ...calling('app') });
    const told = planRollout(testDesired([store, withIngress(app)]), left([store, app], FIXED));
    expect(started(told)).toEqual(['app-1-new']);
    expect(told.readdressed).toEqual([{ service: 'web', calls: 'app', replaced: false }]);
    const changed = { ...store, image: 'wiki:2' };
    const both = planRollout(testDesired([changed, withIngress(app)]), left([store, app], FIXED));
    expect(both.readdressed).toBeUndefined();
    expect(isAfter(both, 'start web-1', 'admit app-1')).toBe(true);
  });

  it('may call its callers: neither waits for the other, and each finds an ingress', () => {
    const [one, two] = [
      { ...app, ...calling('two'), name: 'one' },
      { ...app, ...calling('one'), name: 'two' },
    ];
    const both = planRollout(testDesired([withIngress(one), withIngress(two)]), left([one, two], FIXED));
    expect(started(both)).toEqual(['one-1-new', 'two-1-new']);
    for (const [name, other] of [
      ['one', 'two'],
      ['two', 'one'],
    ]) {
      expect(isAfter(both, `start ${name}-1`, `start-ingress p-${other}-ingress-new`)).toBe(true);
      expect(stepOf(both, `start ${name}-1`)?.step).toMatchObject({ viaIngress: [other] });
    }
  });

  it('is found by a caller over a shared network: the service that lends the network is replaced too', () => {
    const lender = { ...app, name: 'vpn' };
    const { calls: _, ...rest } = web;
    const sharing: Service = { ...rest, ...calling('app'), ports: [], networks: [], networkMode: 'service:vpn' };
    const shared = planRollout(testDesired([lender, sharing, withIngress(app)]), left([lender, sharing, app], FIXED));
    expect(started(shared)).toEqual(['vpn-1-new', 'web-1-new', 'app-1-new']);
    expect(stepOf(shared, 'start vpn-1')?.step).toMatchObject({ viaIngress: ['app'] });
    expect(isAfter(shared, 'start vpn-1', 'admit app-1')).toBe(true);
  });

  it('gives its own change as the reason', () => {
    const changed = { ...web, image: 'web:2' };
    const both = planRollout(testDesired([changed, withIngress(app)]), left([web, app], FIXED));
    expect(stepOf(both, 'start web-1')?.step.reason).toBe('image: p-api:1 → web:2');
    expect(isAfter(both, 'start web-1', 'admit app-1')).toBe(true);
  });

  it('has callers replaced that the command did not name', () => {
    const desired = testDesired([web, withIngress(app)], { only: ['app'] });
    expect(started(planRollout(desired, left([web, app], FIXED)))).toEqual(['web-1-new', 'app-1-new']);
  });

  it('has callers replaced by the next command if one died in the middle', () => {
    const desired = testDesired([web, withIngress(app)]);
    const old = left([web, app], FIXED);
    const next = left([web, withIngress(app)], FIXED);
    const ofApp = <T extends { container: string }>(one: T): T => ({
      ...one,
      container: one.container.replace('-old', '-died'),
      deployed: false,
    });
    const died: ObservedState = {
      ...old,
      unfinished: testRelease('died'),
      ingresses: [...old.ingresses, ...next.ingresses.filter(({ service }) => service === 'app').map(ofApp)],
    };
    const plan = planRollout(desired, died);
    expect(started(plan)).toContain('web-1-new');
    expect(isAfter(plan, 'start web-1', 'admit app-1')).toBe(true);
  });
});

describe('a network with fixed addresses', () => {
  it('keeps the address of a recreated ingress, and of a container that has the name itself', () => {
    const front = { ...app, ports: [tcp(81, 3000)] };
    const moved = { ...app, ports: [tcp(82, 3000)] };
    expect(started(planRollout(testDesired([web, moved]), left([web, front], FIXED)))).toEqual([]);
    const newer = { ...app, image: 'app:2' };
    expect(started(planRollout(testDesired([web, newer]), left([web, app], FIXED)))).toEqual(['app-1-new']);
  });

  it('does not keep an address that the engine gave', () => {
    const newer = { ...app, image: 'app:2' };
    expect(
      started(planRollout(testDesired([web, newer]), { ...left([web, app]), pools: { p_default: FIXED } })),
    ).toEqual(['web-1-new', 'app-1-new']);
  });
});

describe('a network without fixed addresses', () => {
  const front = { ...app, ports: [tcp(81, 3000)] };

  it('has the callers of a service replaced when its ingress is recreated', () => {
    const plan = planRollout(testDesired([web, { ...app, ports: [tcp(82, 3000)] }]), left([web, front]));
    expect(started(plan)).toEqual(['web-1-new']);
    expect(isAfter(plan, 'start web-1', 'start-ingress p-app-ingress-new')).toBe(true);
    expect(stepOf(plan, 'start web-1')?.step).not.toHaveProperty('viaIngress');
  });

  it('shows the gap until the callers are replaced', () => {
    const desired = testDesired([web, { ...app, image: 'app:2' }]);
    const state = left([web, app]);
    const notices = impacts(desired, state, planRollout(desired, state)).map(({ service, notice }) => [
      service,
      notice,
    ]);
    expect(notices).toEqual([
      ['web', 'a gap until its new replicas serve: app gets another address'],
      ['app', expect.stringMatching(/^a gap of about 2 s/)],
    ]);
  });

  it('has nothing replaced if the ingress stays', () => {
    expect(started(planRollout(testDesired([web, { ...front, image: 'app:2' }]), left([web, front])))).toEqual([
      'app-1-new',
    ]);
  });

  it('has a chain of callers replaced, each after the service it calls', () => {
    const [middle, last] = [
      { ...app, ...calling('last'), name: 'app' },
      { ...app, name: 'last' },
    ];
    const plan = planRollout(testDesired([web, middle, { ...last, image: 'app:2' }]), left([web, middle, last]));
    expect(started(plan)).toEqual(['web-1-new', 'app-1-new', 'last-1-new']);
    expect(isAfter(plan, 'start web-1', 'gate app-1')).toBe(true);
    expect(isAfter(plan, 'start app-1', 'gate last-1')).toBe(true);
  });

  it('keeps an address that the file gives', () => {
    const said: Service = { ...app, networks: [{ key: 'default', aliases: [], ipv4Address: '10.9.0.77' }] };
    const state = left([web, said]);
    const replicas = state.replicas.map((one) =>
      one.replica.service === 'app' ? { ...one, heldAddresses: { p_default: ['10.9.0.77'] } } : one,
    );
    expect(started(planRollout(testDesired([web, { ...said, image: 'app:2' }]), { ...state, replicas }))).toEqual([
      'app-1-new',
    ]);
  });
});
