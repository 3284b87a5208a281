import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservedState } from '../../src/model/observed.ts';
import type { PlannedStep } from '../../src/model/plan.ts';
import { hasIngress, type Service } from '../../src/model/project.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { planUndo } from '../../src/plan/plan-undo.ts';
import { nothing, testDesired, testRelease, testService } from './plan-fixtures.ts';
import { admitted, applyStep, orderOf } from './simulate.ts';

/** One command: what it wants, in which order its steps happen, and after how many of them it ends, and how. */
interface Attempt {
  readonly desired: Omit<Desired, 'release'>;
  readonly picks: readonly number[];
  readonly stop: number;
  readonly end: 'finished' | 'killed' | 'undone';
  /** What happens to a container before the next command; `at` picks which. */
  readonly mishap: {
    readonly kind: 'none' | 'unhealthy' | 'exited' | 'removed' | 'ingress-exited';
    readonly at: number;
  };
}

const service = (name: string, port: number): fc.Arbitrary<Service> =>
  fc
    .record({
      version: fc.integer({ min: 1, max: 3 }),
      replicas: fc.integer({ min: 1, max: 9 }),
      ports: fc.constantFrom([], [{ target: 3000, published: port }], [{ target: 4000, published: port }]),
      parallelism: fc.integer({ min: 0, max: 2 }),
      drainTimeoutMs: fc.constantFrom(1000, 2000),
    })
    .map(({ version, replicas, ports, parallelism, drainTimeoutMs }) =>
      testService({
        name,
        image: `${name}:${version}`,
        replicas,
        ports,
        update: { order: 'start-first', parallelism, monitorMs: 0 },
        ingress: { mode: 'http', drainTimeoutMs, clientTimeoutMs: 1, serverTimeoutMs: 1 },
      }),
    );

const desired: fc.Arbitrary<Omit<Desired, 'release'>> = fc
  .record({ api: service('api', 8080), web: fc.option(service('web', 8081)), recreate: fc.boolean() })
  .map(({ api, web, recreate }) => {
    const services = web === null ? [api] : [api, web];
    const specs = Object.fromEntries(services.map((one) => [one.name, `${one.image} ${hasIngress(one)}`]));
    return testDesired(services, { specs, recreate: recreate ? ['api'] : [] });
  });

const attempt: fc.Arbitrary<Attempt> = fc.record({
  desired,
  picks: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 20 }),
  stop: fc.nat({ max: 60 }),
  end: fc.constantFrom('finished', 'killed', 'undone'),
  mishap: fc.record({
    kind: fc.constantFrom('none', 'none', 'unhealthy', 'exited', 'removed', 'ingress-exited'),
    at: fc.nat({ max: 20 }),
  }),
});

/** What is there after commands that ended well, badly or not at all. */
const past = fc.array(attempt, { maxLength: 4 });
const runs = { numRuns: 300 };

describe('planRollout and planUndo', { timeout: 60_000 }, () => {
  it('never leave fewer replicas serving than before or than wanted, in any order of the steps', () => {
    check((state, next, wanted) => {
      const steps = orderOf(planRollout(wanted, state), next.picks);
      const floors = wanted.project.services
        .filter((one) => hasIngress(one) && admitted(state, one.name) !== undefined)
        .map(({ name, replicas }) => ({ name, floor: Math.min(serving(state, name) ?? 0, replicas) }));
      for (const { step } of steps) {
        state = applyStep(state, step, wanted);
        for (const { name, floor } of floors) {
          const now = serving(state, name);
          const changesHands = steps.some((other) => other.step.kind === 'stop-ingress' && other.step.service === name);
          if (now === undefined) expect(changesHands).toBe(true);
          else expect(now).toBeGreaterThanOrEqual(floor);
        }
      }
    });
  });

  it('drain what serves only after another container of its place was admitted', () => {
    check((state, next, wanted) => {
      for (const { step } of orderOf(planRollout(wanted, state), next.picks)) {
        if (step.kind === 'drain-replica' && !step.idle) {
          const { service: name, index } = step.replica;
          const replicas = wanted.project.services.find((one) => one.name === name)?.replicas ?? 0;
          const successors = state.replicas.filter(
            ({ replica, container }) =>
              replica.service === name && replica.index === index && container !== step.container,
          );
          const taken = successors.some(({ container }) => admitted(state, name)?.includes(container));
          expect(taken || index > replicas).toBe(true);
        }
        state = applyStep(state, step, wanted);
      }
    });
  });

  it('admit nothing that was not healthy, and remove nothing before the commit', () => {
    check((state, next, wanted) => {
      let committed = false;
      for (const { step } of orderOf(planRollout(wanted, state), next.picks)) {
        if (step.kind === 'retire-replica' || step.kind === 'remove-ingress') expect(committed).toBe(true);
        if (step.kind === 'admit-replica')
          expect(state.replicas.find(({ container }) => container === step.container)?.health).toBe('healthy');
        if (step.kind === 'commit-release') committed = true;
        state = applyStep(state, step, wanted);
      }
    });
  });

  it('converge from whatever was left: exactly the replicas that are wanted, all served, and nothing more to do', () => {
    check((state, next, wanted) => {
      const end = applyAll(state, orderOf(planRollout(wanted, state), next.picks), wanted);
      expect(planRollout({ ...wanted, release: 'again', recreate: [] }, end).steps).toEqual([]);
      const places = wanted.project.services.flatMap(({ name, replicas }) =>
        Array.from({ length: replicas }, (_, at) => `${name}-${at + 1}`),
      );
      expect(end.replicas.map(({ replica }) => `${replica.service}-${replica.index}`).toSorted()).toEqual(
        places.toSorted(),
      );
      const published = wanted.project.services.filter(hasIngress);
      expect(end.ingresses.map((one) => one.service).toSorted()).toEqual(published.map(({ name }) => name).toSorted());
      for (const { name } of published) {
        const own = end.replicas.filter(({ replica }) => replica.service === name).map(({ container }) => container);
        expect(admitted(end, name)?.toSorted()).toEqual(own.toSorted());
        const filled = end.ingresses.find((one) => one.service === name)?.config?.slots.filter((slot) => slot !== null);
        expect(filled).toHaveLength(own.length);
      }
    });
  });

  it('take any begun part of a rollout back to what was there', () => {
    check((state, next, wanted) => {
      const begun = untilCommit(orderOf(planRollout(wanted, state), next.picks)).slice(0, next.stop);
      const after = applyAll(state, begun, wanted);
      const restored = applyAll(after, orderOf(planUndo(begun), next.picks), wanted);
      expect(essence(restored, state)).toEqual(essence(state, state));
    });
  });

  it('take back without leaving a service that serves with nobody to serve it', () => {
    check((state, next, wanted) => {
      const begun = untilCommit(orderOf(planRollout(wanted, state), next.picks)).slice(0, next.stop);
      const changesHands = new Set(begun.flatMap(({ step }) => (step.kind === 'stop-ingress' ? [step.service] : [])));
      const floors = wanted.project.services
        .filter(({ name }) => (serving(state, name) ?? 0) > 0 && !changesHands.has(name))
        .map(({ name, replicas }) => ({ name, floor: Math.min(serving(state, name) ?? 0, replicas) }));
      let now = applyAll(state, begun, wanted);
      for (const { step } of orderOf(planUndo(begun), next.picks)) {
        now = applyStep(now, step, wanted);
        for (const { name, floor } of floors) expect(serving(now, name)).toBeGreaterThanOrEqual(floor);
      }
    });
  });
});

/** Runs a property on what is there after a random past and on the next command. */
function check(property: (state: ObservedState, next: Attempt, wanted: Desired) => void): void {
  fc.assert(
    fc.property(past, attempt, (before, next) => {
      const state = before.reduce((now, one, at) => live(now, one, `r${at}`), nothing);
      property(state, next, { ...next.desired, release: 'new' });
    }),
    runs,
  );
}

function live(state: ObservedState, one: Attempt, release: string): ObservedState {
  const wanted = { ...one.desired, release };
  const steps = orderOf(planRollout(wanted, state), one.picks);
  if (steps.length === 0) return strike(state, one.mishap);
  const begun = { ...state, unfinished: testRelease(release) };
  const early = untilCommit(steps).slice(0, one.stop);
  if (one.end === 'undone') {
    const undone = applyAll(applyAll(begun, early, wanted), orderOf(planUndo(early), one.picks), wanted);
    return strike({ ...undone, unfinished: undefined }, one.mishap);
  }
  return strike(applyAll(begun, one.end === 'finished' ? steps : steps.slice(0, one.stop), wanted), one.mishap);
}

function strike(state: ObservedState, { kind, at }: Attempt['mishap']): ObservedState {
  const hit = state.replicas[at % Math.max(1, state.replicas.length)];
  switch (kind) {
    case 'none':
      return state;
    case 'ingress-exited':
      return { ...state, ingresses: state.ingresses.map((one) => ({ ...one, state: 'exited' })) };
    case 'removed':
      return { ...state, replicas: state.replicas.filter((one) => one !== hit) };
    case 'unhealthy':
    case 'exited': {
      const change =
        kind === 'exited' ? ({ state: 'exited', health: 'none' } as const) : ({ health: 'unhealthy' } as const);
      return { ...state, replicas: state.replicas.map((one) => (one === hit ? { ...one, ...change } : one)) };
    }
    default:
      return kind satisfies never;
  }
}

const applyAll = (state: ObservedState, steps: readonly PlannedStep[], wanted: Desired): ObservedState =>
  steps.reduce((now, { step }) => applyStep(now, step, wanted), state);

const untilCommit = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.slice(
    0,
    Math.max(
      0,
      steps.findIndex(({ step }) => step.kind === 'commit-release'),
    ),
  );

/** How many healthy replicas get requests; undefined where the ingress does not run. */
const serving = (state: ObservedState, name: string): number | undefined =>
  admitted(state, name)?.filter((container) =>
    state.replicas.some((one) => one.container === container && one.state === 'running' && one.health === 'healthy'),
  ).length;

/**
 * What undoing has to restore. Not counted: images, the health that a gate found out, room for more slots, and an ingress
 * that was down before (`was`) and may as well run now.
 */
const essence = (state: ObservedState, was: ObservedState): object => {
  const down = new Set(was.ingresses.filter((one) => one.state !== 'running').map(({ container }) => container));
  return {
    replicas: state.replicas.map(({ container, state: name }) => `${container} ${name}`).toSorted(),
    networks: state.networks.toSorted(),
    ingresses: state.ingresses
      .map(({ container, state: name, config }) => ({
        container,
        state: down.has(container) ? 'down before' : name,
        ready: config?.slots.flatMap((slot) => (slot?.state === 'ready' ? [slot.container] : [])).toSorted(),
        config: config && { ...config, slots: [] },
      }))
      .toSorted((a, b) => (a.container < b.container ? -1 : 1)),
  };
};
