import { fc } from '../../../../scripts/seeded-fast-check.ts';
import type { ObservedState } from '../../src/model/observed.ts';
import type { Plan, PlannedStep } from '../../src/model/plan.ts';
import type { Dependency, PublishedPort, Service } from '../../src/model/service.ts';
import type { BegunStep, ToldStep } from '../../src/model/step.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { planRollout } from '../../src/plan/plan-rollout.ts';
import { planUndo } from '../../src/plan/plan-undo.ts';
import { tcp, testDesired, testRelease, testService, testStore, testUpdate, udp } from './plan-fixtures.ts';
import { applyStep, orderOf } from './simulate.ts';

/** One command: what it wants, the order of its steps, and after how many steps it ends, and how. */
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
    .record({
      version,
      replicas,
      parallelism,
      target: fc.constantFrom(0, 3000, 4000),
      restart: fc.boolean(),
      holdTimeoutMs: fc.constantFrom(10_000, 30_000),
    })
    .map(({ version: number, replicas: count, parallelism: size, target, restart, holdTimeoutMs }) => (port) => {
      const ports = target === 0 ? [] : [tcp(port, target)];
      return testService({
        name,
        image: `${name}:${number}`,
        replicas: count,
        ports,
        mounts: [],
        dependsOn: name === 'web' ? [waitsFor('api', 'healthy', restart), waitsFor('wiki', 'healthy', restart)] : [],
        update: testUpdate({ parallelism: size, delayMs: size * 1000 }),
        ingress: { ...testService().ingress, holdTimeoutMs },
      });
    });

/** One container at a time, with a port of its own, behind an ingress, both or neither. */
const store = (name: string): fc.Arbitrary<(port: number) => Service> =>
  fc
    .record({
      version,
      replicas: fc.integer({ min: 0, max: 2 }),
      published: fc.boolean(),
      own: fc.constantFrom<readonly PublishedPort[]>([], [udp(53)], [udp(54)], [udp(53), udp(54)]),
    })
    .map(({ version: number, replicas: count, published, own }) => (port) => {
      const ports = [...(published ? [tcp(port, 80)] : []), ...own];
      return testStore({ name, image: `${name}:${number}`, replicas: own.length > 0 ? 1 : count, ports });
    });

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

/** Which service has which ports: they move from one service to another. */
const tcpPorts = fc.constantFrom([8080, 8081, 8082], [8081, 8080, 8082], [8080, 8082, 8081], [8082, 8081, 8080]);
const udpPorts = fc.constantFrom([53], [54], [53, 54]);

const desired: fc.Arbitrary<Omit<Desired, 'release'>> = fc
  .record({
    api: app('api'),
    web: fc.option(app('web')),
    wiki: fc.option(store('wiki')),
    dns: fc.option(version),
    migrate: fc.option(job),
    tcpPorts,
    udpPorts,
    recreate: fc.boolean(),
  })
  .map(
    ({ api, web, wiki, dns, migrate, tcpPorts: [forApi = 0, forWeb = 0, forWiki = 0], udpPorts: forDns, recreate }) => {
      const dependsOn = migrate === null ? [] : [waitsFor('migrate', 'completed', false)];
      const services: Service[] = [{ ...api(forApi), dependsOn }];
      if (web !== null) services.push(web(forWeb));
      const store = wiki?.(forWiki);
      if (store !== undefined) services.push(store);
      const taken = (store?.ports ?? []).map(({ published }) => published);
      const free = forDns.filter((port) => !taken.includes(port));
      if (dns !== null && free.length > 0)
        services.push(testStore({ name: 'dns', image: `dns:${dns}`, ports: free.map(udp), mounts: [], dependsOn: [] }));
      if (migrate !== null) services.push(migrate);
      return testDesired(services, { recreate: recreate ? ['api', 'wiki'] : [], removeOrphans: true });
    },
  );

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

/** A command that succeeded, then one, two or three that were killed while they applied or undid a plan. */
export const deaths: fc.Arbitrary<readonly Attempt[]> = fc
  .record({ good: attempt, killed: fc.array(attempt, { minLength: 1, maxLength: 3 }) })
  .map(({ good, killed }) => [
    { ...good, end: 'finished', mishap: { kind: 'none', at: 0 } },
    ...killed.map(
      (one): Attempt => ({
        ...one,
        end: one.end === 'killed-undoing' ? one.end : 'killed',
        mishap: { kind: 'none', at: 0 },
      }),
    ),
  ]);

/** The state after one more command that succeeded, failed or died. */
export function live(state: ObservedState, one: Attempt, release: string): ObservedState {
  const wanted = { ...one.desired, release };
  const { steps, begun, undo } = failing(state, one, wanted);
  if (steps.length === 0) return strike(state, one.mishap);
  const opened = { ...state, unfinished: testRelease(release, wanted.project) };
  if (one.end === 'finished') return strike(applyAll(opened, steps, wanted), one.mishap);
  if (one.end === 'killed') return strike(applyAll(opened, steps.slice(0, one.stop), wanted), one.mishap);
  const taken = one.end === 'undone' ? undo : undo.slice(0, one.stop % Math.max(1, undo.length));
  const after = applyAll(applyAll(opened, begun, wanted), taken, wanted);
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

export const applyAll = (
  state: ObservedState,
  steps: readonly PlannedStep<ToldStep>[],
  wanted: Desired,
): ObservedState => steps.reduce((now, { step }) => applyStep(now, step, wanted), state);

/** A rollout in one of its orders that ends at its `stop`th step, before the commit, and its undo. */
export function failing(state: ObservedState, { picks, stop }: Pick<Attempt, 'picks' | 'stop'>, wanted: Desired) {
  const plan = planRollout(wanted, state);
  const steps = orderOf(plan, picks);
  const begun = untilCommit(steps).slice(0, stop);
  return { steps, begun, undo: orderOf(planUndo(begunOf(plan, begun), wanted.project.services), picks) };
}

/** What to undo once the commit is reached, or if less was begun. */
export const begunOf = (plan: Plan, begun = untilCommit(plan.steps)): PlannedStep<BegunStep>[] => [
  ...(plan.done ?? []),
  ...begun,
];

const untilCommit = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.slice(
    0,
    Math.max(
      0,
      steps.findIndex(({ step }) => step.kind === 'commit-release'),
    ),
  );
