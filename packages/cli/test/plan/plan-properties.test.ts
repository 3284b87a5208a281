import { describe, expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import type { IngressState } from '../../src/model/ingress.ts';
import type { ObservedReplica, ObservedState } from '../../src/model/observed.ts';
import type { PlannedStep } from '../../src/model/plan.ts';
import { hasIngress, replicaName } from '../../src/model/service.ts';
import type { ToldStep } from '../../src/model/step.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { nothing } from './plan-fixtures.ts';
import { type Attempt, applyAll, attempt, deaths, failing, live } from './random-past.ts';
import { admitted, applyStep, orderOf } from './simulate.ts';

/** The state after commands that succeeded, failed or died. */
const past: fc.Arbitrary<readonly Attempt[]> = fc.oneof(fc.array(attempt, { maxLength: 4 }), deaths);
const runs = { numRuns: 300 };

// The simulation refuses two containers on one port, and starting or admitting a missing container.
describe('planRollout and planUndo', () => {
  it('never leave fewer replicas of a start-first service than before or than wanted, in any order of the steps', () => {
    check((state, next, wanted) => {
      const steps = orderOf(planRollout(wanted, state), next.picks);
      const gaps = changingHands(steps);
      const floors = floorsOf(state, wanted, gaps);
      for (const { step } of steps) {
        state = applyStep(state, step, wanted);
        for (const { name, floor } of floors) expect(serving(state, name)).toBeGreaterThanOrEqual(floor);
      }
    });
  });

  it('drain a serving container only after its successor is admitted, or to stop the service', () => {
    check((state, next, wanted) => {
      const steps = orderOf(planRollout(wanted, state), next.picks);
      const stopping = new Set(steps.flatMap(({ step }) => (step.kind === 'stop-replica' ? [step.container] : [])));
      for (const { step } of steps) {
        if (step.kind === 'drain-replica' && !step.idle && !stopping.has(step.container)) {
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

  it('admit only healthy containers, and remove nothing before the commit', () => {
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

  it('never run two containers for one replica of a stop-first service, forward or undoing', () => {
    check((state, next, wanted) => {
      const { steps, begun, undo } = failing(state, next, wanted);
      const names = new Set(['wiki', 'dns']);
      const doubled = (now: ObservedState): string[] => {
        const running = now.replicas.filter((one) => names.has(one.replica.service) && one.state === 'running');
        const places = running.map(({ replica }) => replicaName(replica));
        return places.filter((place, at) => places.indexOf(place) !== at);
      };
      expect(doubled(state)).toEqual([]);
      let now = state;
      for (const { step } of steps) {
        now = applyStep(now, step, wanted);
        expect(doubled(now)).toEqual([]);
      }
      now = applyAll(state, begun, wanted);
      for (const { step } of undo) {
        now = applyStep(now, step, wanted);
        expect(doubled(now)).toEqual([]);
      }
    });
  });

  it('start nothing before its dependencies', () => {
    check((state, next, wanted) => {
      const steps = orderOf(planRollout(wanted, state), next.picks);
      const at = new Map(steps.map(({ id }, index) => [id, index]));
      for (const service of wanted.project.services) {
        const starts = steps.filter(
          ({ step }) => step.kind === 'start-replica' && step.replica.service === service.name,
        );
        const proofs = steps.filter(
          ({ step }) =>
            ['gate-replica', 'admit-replica', 'run-job'].includes(step.kind) &&
            'replica' in step &&
            service.dependsOn.some((one) => one.service === step.replica.service),
        );
        for (const start of starts)
          for (const proof of proofs) expect(at.get(proof.id)).toBeLessThan(at.get(start.id) ?? 0);
      }
    });
  });

  it('run every job once when anything changes', () => {
    check((state, next, wanted) => {
      const { steps } = planRollout(wanted, state);
      const jobs = wanted.project.services.filter(({ job }) => job).map(({ name }) => name);
      const ran = steps.flatMap(({ step }) => (step.kind === 'run-job' ? [step.replica.service] : []));
      const changes = steps.some(({ step }) => !['commit-release', 'retire-replica'].includes(step.kind));
      expect(ran).toEqual(changes ? jobs : []);
      expect(next).toBeDefined();
    });
  });

  it('converge from any state: exactly the wanted replicas, all admitted, and nothing left to do', () => {
    check((state, next, wanted) => {
      const end = applyAll(state, orderOf(planRollout(wanted, state), next.picks), wanted);
      expect(planRollout({ ...wanted, release: 'again', recreate: [] }, end).steps).toEqual([]);
      const places = wanted.project.services.flatMap(({ name, replicas }) =>
        Array.from({ length: replicas }, (_, at) => `${name}-${at + 1}`),
      );
      expect(end.replicas.map(({ replica }) => replicaName(replica)).toSorted()).toEqual(places.toSorted());
      const fronted = wanted.project.services.filter(hasIngress);
      expect(end.ingresses.map((one) => one.service).toSorted()).toEqual(fronted.map(({ name }) => name).toSorted());
      for (const { name } of fronted) {
        const own = end.replicas.filter(({ replica }) => replica.service === name).map(({ container }) => container);
        expect(admitted(end, name)?.toSorted()).toEqual(own.toSorted());
        const filled = end.ingresses.find((one) => one.service === name)?.config?.slots.filter((slot) => slot !== null);
        expect(filled).toHaveLength(own.length);
      }
    });
  });

  it('undo any part of a rollout back to the state before it', () => {
    check((state, next, wanted) => {
      const { begun, undo } = failing(state, next, wanted);
      const after = applyAll(state, begun, wanted);
      const restored = applyAll(after, undo, wanted);
      if (state.unfinished === undefined) expect(essence(restored, state)).toEqual(essence(state, state));
      expect(restored.replicas.filter(({ release }) => release === 'new')).toEqual([]);
      // Data in a new volume stays.
      expect(restored.volumes).toEqual(after.volumes);
      // After a rollout that died it may be the deployed container instead of its ungated successor.
      const now = restored.replicas.filter(({ state: name, health }) => name === 'running' && health === 'healthy');
      const places = now.map(({ replica }) => replicaName(replica));
      for (const one of state.replicas)
        if (serves(state, one) && goesBackTo(state, one)) expect(places).toContain(replicaName(one.replica));
    });
  });

  it('undo a rollout back to the last deployed release, however many rollouts have died since', () => {
    fc.assert(
      fc.property(deaths, attempt, ([good, ...killed], next) => {
        if (good === undefined) throw new Error('there is none');
        let state = live(nothing, good, 'good');
        let last = state;
        for (const [at, one] of killed.entries()) {
          state = live(state, one, `r${at}`);
          if (state.unfinished === undefined) last = state;
        }
        const wanted = { ...next.desired, release: 'new' };
        const { begun, undo } = failing(state, next, wanted);
        const after = applyAll(state, begun, wanted);
        const restored = applyAll(after, undo, wanted);
        // Containers that a release had no time to remove stay until the next commit.
        const is = state.unfinished === undefined ? withoutRest(restored) : restored;
        expect(essence(is, last)).toEqual(essence(withoutRest(last), last));
      }),
      runs,
    );
  });

  it('undo without leaving a start-first service without a serving replica', () => {
    check((state, next, wanted) => {
      const { steps, begun, undo } = failing(state, next, wanted);
      const { current, unfinished } = state;
      const last = unfinished && current ? current.project.services : wanted.project.services;
      const fronted = new Map(last.filter(hasIngress).map(({ name, replicas }) => [name, replicas]));
      const floors = floorsOf(state, wanted, changingHands([...steps, ...undo]))
        .filter(({ name }) => fronted.has(name))
        .map(({ name, floor }) => ({ name, floor: Math.min(floor, fronted.get(name) ?? 0) }));
      let now = applyAll(state, begun, wanted);
      for (const { step } of undo) {
        now = applyStep(now, step, wanted);
        for (const { name, floor } of floors) expect(serving(now, name)).toBeGreaterThanOrEqual(floor);
      }
    });
  });
});

/** Runs a property on the state after a random past and on the next command. */
function check(property: (state: ObservedState, next: Attempt, wanted: Desired) => void): void {
  fc.assert(
    fc.property(past, attempt, (before, next) => {
      const state = before.reduce((now, one, at) => live(now, one, `r${at}`), nothing);
      property(state, next, { ...next.desired, release: 'new' });
    }),
    runs,
  );
}

/** The part of the state that belongs to the last release. */
const withoutRest = (state: ObservedState): ObservedState => {
  const replicas = state.replicas.filter(({ deployed }) => deployed);
  const names = replicas.map(({ container }) => container);
  const ingresses = state.ingresses
    .filter(({ deployed }) => deployed)
    .map(({ config, ...ingress }) => ({
      ...ingress,
      config: config && { ...config, slots: config.slots.filter((slot) => slot && names.includes(slot.container)) },
    }));
  return { ...state, replicas, ingresses };
};

/**
 * Whether somebody serves a place when a rollout is taken back that serves now. Not if a rollout that died has added the
 * place, nor if what was deployed there is sick, or was removed and its stand-in has a port that others had.
 */
const goesBackTo = ({ replicas, current, unfinished }: ObservedState, one: ObservedReplica): boolean => {
  if (current === undefined || unfinished === undefined) return true;
  const { service, index } = one.replica;
  const before = current.project.services.find(({ name }) => name === service);
  if (before === undefined || index > before.replicas) return false;
  const own = replicas.find(({ deployed, replica }) => deployed && replicaName(replica) === replicaName(one.replica));
  return own === undefined ? one.ports?.length === 0 : own.health !== 'unhealthy';
};

/** Services that the plan interrupts, and shows as interrupted. */
const changingHands = (steps: readonly PlannedStep<ToldStep>[]): Set<string> =>
  new Set(
    steps.flatMap(({ step }) =>
      step.kind === 'stop-ingress' || step.kind === 'start-ingress'
        ? [step.service]
        : step.kind === 'stop-replica' || step.kind === 'resume-replica'
          ? [step.replica.service]
          : [],
    ),
  );

const floorsOf = (state: ObservedState, { project }: Desired, gaps: ReadonlySet<string>) =>
  project.services
    .filter((one) => hasIngress(one) && (serving(state, one.name) ?? 0) > 0 && !gaps.has(one.name))
    .map(({ name, replicas }) => ({ name, floor: Math.min(serving(state, name) ?? 0, replicas) }));

/** How many healthy replicas get requests; undefined if the ingress does not run. */
const serving = (state: ObservedState, name: string): number | undefined =>
  admitted(state, name)?.filter((container) =>
    state.replicas.some((one) => one.container === container && one.state === 'running' && one.health === 'healthy'),
  ).length;

/** Whether a container works for somebody: requests reach it, or nobody has to send it any and its release ended well. */
const serves = (state: ObservedState, one: ObservedReplica): boolean => {
  if (one.state !== 'running' || one.health !== 'healthy') return false;
  const ingress = state.ingresses.some(({ service }) => service === one.replica.service);
  return ingress
    ? (admitted(state, one.replica.service) ?? []).includes(one.container)
    : one.release !== state.unfinished?.id;
};

/**
 * What undoing has to restore. Not counted: images, the health that a gate found out, room for more slots, an ingress
 * that was down before (`was`) and may as well run now, what that was told, and whom it has ready where it served nobody before.
 */
const essence = (state: ObservedState, was: ObservedState): object => {
  const down = new Set(was.ingresses.filter((one) => one.state !== 'running').map(({ container }) => container));
  const unserved = new Set(
    was.ingresses
      .filter(({ config, container }) => readyIn(config).length === 0 || down.has(container))
      .map(({ container }) => container),
  );
  return {
    replicas: state.replicas.map(({ container, state: name }) => `${container} ${name}`).toSorted(),
    networks: state.networks.toSorted(),
    ingresses: state.ingresses
      .map(({ container, state: name, config }) => ({
        container,
        state: down.has(container) ? 'down before' : name,
        ready: unserved.has(container) ? 'nobody before' : readyIn(config).toSorted(),
        config: down.has(container) ? 'told anew before it is started' : config && { ...config, slots: [] },
      }))
      .toSorted((a, b) => (a.container < b.container ? -1 : 1)),
  };
};

const readyIn = (config: IngressState | undefined): string[] =>
  config?.slots.flatMap((slot) => (slot?.state === 'ready' ? [slot.container] : [])) ?? [];
