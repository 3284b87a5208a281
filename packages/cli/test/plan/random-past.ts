import fc from 'fast-check';
import type { ObservedState } from '../../src/model/observed.ts';
import type { PlannedStep } from '../../src/model/plan.ts';
import type { Dependency, PublishedPort, Service } from '../../src/model/service.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { planUndo } from '../../src/plan/plan-undo.ts';
import { tcp, testDesired, testRelease, testService, testStore, testUpdate, udp } from './plan-fixtures.ts';
import { applyStep, orderOf } from './simulate.ts';

/** One command: what it wants, in which order its steps happen, and after how many of them it ends, and how. */
export interface Attempt {
  readonly desired: Omit<Desired, 'release'>;
  readonly picks: readonly number[];
  readonly stop: number;
  readonly end: 'finished' | 'killed' | 'undone' | 'killed-undoing';
  /** What happens to a container before the next command; `at` picks which. */
  readonly mishap: {
    readonly kind: 'none' | 'unhealthy' | 'exited' | 'removed' | 'ingress-exited';
    readonly at: number;
  };
}

const version = fc.integer({ min: 1, max: 3 });
const replicas = fc.integer({ min: 0, max: 5 });
const parallelism = fc.integer({ min: 0, max: 2 });
const waitsFor = (service: string, condition: Dependency['condition'], restart: boolean): Dependency => ({
  service,
  condition,
  restart,
  required: true,
});

/** HTTP services that may swap their ports, that change their targets, or publish none. */
const app = (name: string): fc.Arbitrary<(port: number) => Service> =>
  fc
    .record({ version, replicas, parallelism, target: fc.constantFrom(0, 3000, 4000), restart: fc.boolean() })
    .map(({ version: number, replicas: count, parallelism: size, target, restart }) => (port) => {
      const ports = target === 0 ? [] : [tcp(port, target)];
      return testService({
        name,
        image: `${name}:${number}`,
        replicas: count,
        ports,
        mounts: [],
        dependsOn: name === 'web' ? [waitsFor('api', 'healthy', restart), waitsFor('wiki', 'healthy', restart)] : [],
        update: testUpdate({ parallelism: size, delayMs: size * 1000 }),
      });
    });

/** One container at a time, with a port of its own, behind an ingress, both or neither. */
const store = (name: string): fc.Arbitrary<Service> =>
  fc
    .record({
      version,
      replicas: fc.integer({ min: 0, max: 2 }),
      ports: fc.constantFrom<readonly PublishedPort[]>([], [tcp(8082, 80)], [udp(53)], [tcp(8082, 80), udp(53)]),
    })
    .map(({ version: number, replicas: count, ports }) =>
      testStore({
        name,
        image: `${name}:${number}`,
        replicas: ports.some(({ protocol }) => protocol === 'udp') ? 1 : count,
        ports,
      }),
    );

const job: fc.Arbitrary<Service> = version.map((number) =>
  testService({
    name: 'migrate',
    image: `migrate:${number}`,
    ports: [],
    replicas: 1,
    job: true,
    restart: { name: 'no' },
    update: testUpdate(),
  }),
);

const desired: fc.Arbitrary<Omit<Desired, 'release'>> = fc
  .record({
    api: app('api'),
    web: fc.option(app('web')),
    wiki: fc.option(store('wiki')),
    dns: fc.option(version),
    migrate: fc.option(job),
    swapped: fc.boolean(),
    recreate: fc.boolean(),
  })
  .map(({ api, web, wiki, dns, migrate, swapped, recreate }) => {
    const first = api(swapped ? 8081 : 8080);
    const dependsOn = migrate === null ? [] : [waitsFor('migrate', 'completed', false)];
    const services: Service[] = [{ ...first, dependsOn }];
    if (web !== null) services.push(web(swapped ? 8080 : 8081));
    if (wiki !== null) services.push(wiki);
    const free = !wiki?.ports.some(({ protocol }) => protocol === 'udp');
    if (dns !== null && free)
      services.push(testStore({ name: 'dns', image: `dns:${dns}`, ports: [udp(53)], mounts: [], dependsOn: [] }));
    if (migrate !== null) services.push(migrate);
    return testDesired(services, { recreate: recreate ? ['api', 'wiki'] : [], removeOrphans: true });
  });

export const attempt: fc.Arbitrary<Attempt> = fc.record({
  desired,
  picks: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 20 }),
  stop: fc.nat({ max: 60 }),
  end: fc.constantFrom('finished', 'killed', 'undone', 'killed-undoing'),
  mishap: fc.record({
    kind: fc.constantFrom('none', 'none', 'unhealthy', 'exited', 'removed', 'ingress-exited'),
    at: fc.nat({ max: 20 }),
  }),
});

/** What is there after one more command, that ended well, badly or not at all. */
export function live(state: ObservedState, one: Attempt, release: string): ObservedState {
  const wanted = { ...one.desired, release };
  const steps = orderOf(planRollout(wanted, state), one.picks);
  if (steps.length === 0) return strike(state, one.mishap);
  const begun = { ...state, unfinished: testRelease(release, wanted.project) };
  const early = untilCommit(steps).slice(0, one.stop);
  if (one.end === 'finished') return strike(applyAll(begun, steps, wanted), one.mishap);
  if (one.end === 'killed') return strike(applyAll(begun, steps.slice(0, one.stop), wanted), one.mishap);
  const undo = orderOf(planUndo(early, wanted.project.services), one.picks);
  const taken = one.end === 'undone' ? undo : undo.slice(0, one.stop % Math.max(1, undo.length));
  const after = applyAll(applyAll(begun, early, wanted), taken, wanted);
  return strike(one.end === 'undone' ? { ...after, unfinished: undefined } : after, one.mishap);
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
      if (hit?.state !== 'running') return state;
      const change =
        kind === 'exited' ? ({ state: 'exited', health: 'none' } as const) : ({ health: 'unhealthy' } as const);
      return { ...state, replicas: state.replicas.map((one) => (one === hit ? { ...one, ...change } : one)) };
    }
    default:
      return kind satisfies never;
  }
}

export const applyAll = (state: ObservedState, steps: readonly PlannedStep[], wanted: Desired): ObservedState =>
  steps.reduce((now, { step }) => applyStep(now, step, wanted), state);

export const untilCommit = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.slice(
    0,
    Math.max(
      0,
      steps.findIndex(({ step }) => step.kind === 'commit-release'),
    ),
  );
