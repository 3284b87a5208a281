import type { IngressPort, IngressState } from '../../src/model/ingress.ts';
import type { ObservedIngress, ObservedReplica, ObservedState } from '../../src/model/observed.ts';
import type { Plan, PlannedStep } from '../../src/model/plan.ts';
import { ingressPorts } from '../../src/model/service.ts';
import type { ToldStep } from '../../src/model/step.ts';
import type { Desired } from '../../src/plan/desired.ts';
import { heldPorts, replicaOf, testPeers, testRelease } from './plan-fixtures.ts';

/** The state after a step, as the engine and the ingress would change it; throws if they would refuse. */
export function applyStep(state: ObservedState, step: ToldStep, { project, release }: Desired): ObservedState {
  switch (step.kind) {
    case 'build-image':
      return { ...state, images: { ...state.images, [step.image]: `sha256:${step.image}` } };
    case 'create-network':
      return { ...state, networks: [...state.networks, step.name] };
    case 'remove-network':
      return { ...state, networks: state.networks.filter((name) => name !== step.name) };
    case 'create-ingress': {
      const { service, container, spec, state: config } = step;
      if (state.ingresses.some((other) => other.container === container)) throw new Error(`${container} is there`);
      const ports = heldPorts(project.services.filter(({ name }) => name === service).flatMap(ingressPorts));
      const own: ObservedIngress = {
        service,
        container,
        containerId: container,
        state: 'created',
        deployed: false,
        specHash: spec,
        config: { ...config, peers: testPeers },
        ports,
      };
      return { ...state, ingresses: [...state.ingresses, own] };
    }
    case 'start-ingress': {
      const own = state.ingresses.find(({ container }) => container === step.container);
      if (own === undefined) throw new Error(`${step.container} is not there`);
      claim(state, own.container, own.ports);
      return withIngress(state, step.container, (ingress) => ({ ...ingress, state: 'running' }));
    }
    case 'stop-ingress':
      return withIngress(state, step.container, (ingress) => ({ ...ingress, state: 'exited' }));
    case 'remove-ingress':
      return { ...state, ingresses: state.ingresses.filter(({ container }) => container !== step.container) };
    case 'configure-ingress':
      return withRunning(state, step.service, ({ slots }) => ({
        ...step.state,
        peers: testPeers,
        slots: Array.from({ length: Math.max(step.state.slots.length, slots.length) }, (_, at) => slots[at] ?? null),
      }));
    case 'settle-ports':
      return withRunning(state, step.service, (config) => {
        const told = ({ speaksFirst, ...port }: IngressPort): IngressPort => port;
        return { ...config, ports: config.ports.map((one) => (step.ports.includes(one.port) ? told(one) : one)) };
      });
    case 'create-replica': {
      if (state.replicas.some(({ container }) => container === step.container))
        throw new Error(`${step.container} is there`);
      return { ...state, replicas: [...state.replicas, { ...made(step, { project, release }), state: 'created' }] };
    }
    case 'start-replica': {
      const own = state.replicas.find(({ container }) => container === step.container);
      if (own !== undefined && own.state !== 'created') throw new Error(`${step.container} was started before`);
      const started = own ?? made(step, { project, release });
      claim(state, started.container, started.ports);
      const others = state.replicas.filter((one) => one !== own);
      return { ...state, replicas: [...others, { ...started, state: 'running', health: 'starting' }] };
    }
    case 'stop-replica':
      return withReplica(state, step.container, (one) =>
        one.state === 'running' ? { ...one, state: 'exited', health: 'none', exitCode: 143 } : one,
      );
    case 'resume-replica': {
      const own = state.replicas.find(({ container }) => container === step.container);
      if (own === undefined) throw new Error(`${step.container} is not there`);
      claim(state, own.container, own.ports);
      return withReplica(state, step.container, (one) =>
        one.state === 'running' ? one : { ...one, state: 'running', health: 'healthy' },
      );
    }
    case 'run-job': {
      const ran = { ...made(step, { project, release }), state: 'exited', health: 'none', exitCode: 0 } as const;
      return { ...state, replicas: [...state.replicas, ran] };
    }
    case 'create-volume':
      return { ...state, volumes: [...state.volumes, step.name] };
    case 'stop-former':
    case 'start-former': {
      const now = step.kind === 'stop-former' ? 'exited' : 'running';
      const change = (one: ObservedState['composeContainers'][number]) =>
        one.container === step.container ? ({ ...one, state: now } as const) : one;
      return { ...state, composeContainers: state.composeContainers.map(change) };
    }
    case 'remove-former':
      return {
        ...state,
        composeContainers: state.composeContainers.filter(({ container }) => container !== step.container),
      };
    case 'gate-replica':
      return {
        ...state,
        replicas: state.replicas.map((one) => (one.container === step.container ? { ...one, health: 'healthy' } : one)),
      };
    case 'admit-replica': {
      const replica = state.replicas.find(({ container }) => container === step.container);
      if (replica?.state !== 'running') throw new Error(`${step.container} does not run`);
      if (!runningIngress(state, step.replica.service)) throw new Error(`no ingress of ${step.replica.service} runs`);
      return withRunning(state, step.replica.service, (config) => fill(config, step.container, 'ready'));
    }
    case 'drain-replica':
      return withRunning(state, step.replica.service, (config) =>
        config.slots.some((slot) => slot?.container === step.container)
          ? fill(config, step.container, 'drain')
          : config,
      );
    case 'retire-replica': {
      const freed = withRunning(state, step.replica.service, (config) => ({
        ...config,
        slots: config.slots.map((slot) => (slot?.container === step.container ? null : slot)),
      }));
      return { ...freed, replicas: freed.replicas.filter(({ container }) => container !== step.container) };
    }
    case 'commit-release':
      return {
        ...state,
        replicas: state.replicas.map((one) => ({ ...one, deployed: step.containers.includes(one.container) })),
        ingresses: state.ingresses.map((one) => ({ ...one, deployed: step.containers.includes(one.container) })),
        current: testRelease(step.release, project),
        unfinished: undefined,
      };
    // As if a port listened.
    case 'withdraw-ingress':
    case 'watch-replica':
    case 'watch-answers':
    case 'wait':
    case 'prepare-history':
    case 'leave-history':
    case 'ask-replica':
      return state;
    default:
      return step satisfies never;
  }
}

/** The steps in one of the orders that `after` allows; `picks` decides which. */
export function orderOf<S extends ToldStep>(
  { steps, done: before = [] }: Plan<S>,
  picks: readonly number[],
): PlannedStep<S>[] {
  const ordered: PlannedStep<S>[] = [];
  const left = new Set(steps);
  for (let at = 0; left.size > 0; at += 1) {
    const done = new Set([...before, ...ordered].map(({ id }) => id));
    const ready = [...left].filter(({ after }) => after.every((id) => done.has(id)));
    const next = ready[(picks[at % Math.max(1, picks.length)] ?? 0) % Math.max(1, ready.length)];
    if (next === undefined) throw new Error('the plan waits for itself or for a step that it does not have');
    left.delete(next);
    ordered.push(next);
  }
  return ordered;
}

/** Containers that get a service's requests now; undefined if none of its ingresses runs. */
export function admitted(state: ObservedState, service: string): string[] | undefined {
  const slots = runningIngress(state, service)?.config?.slots;
  return slots?.flatMap((slot) => (slot?.state === 'ready' ? [slot.container] : []));
}

export const runningIngress = ({ ingresses }: ObservedState, service: string): ObservedIngress | undefined =>
  ingresses.find((ingress) => ingress.service === service && ingress.state === 'running');

/** Two running containers never publish the same port. */
function claim(state: ObservedState, container: string, ports: ObservedReplica['ports']): void {
  const holder = holderOf(state, container, ports);
  if (holder) throw new Error(`a port of ${container} belongs to ${holder}`);
}

function holderOf(
  { ingresses, replicas }: ObservedState,
  container: string,
  wanted: ObservedReplica['ports'],
): string | undefined {
  const ports = textsOf({ ports: wanted ?? [] });
  return [...ingresses, ...replicas].find(
    (other) =>
      other.container !== container && other.state === 'running' && textsOf(other).some((port) => ports.includes(port)),
  )?.container;
}

const textsOf = ({ ports = [] }: Pick<ObservedReplica, 'ports'>): string[] =>
  ports.map(({ protocol, published }) => `${protocol} ${published}`);

function made(
  step: Extract<ToldStep, { kind: 'create-replica' | 'start-replica' | 'run-job' }>,
  { project, release }: Pick<Desired, 'project' | 'release'>,
): ObservedReplica {
  const service = project.services.find(({ name }) => name === step.replica.service);
  if (service === undefined) throw new Error(`${step.container} cannot be made`);
  return { ...replicaOf(service, step.replica.index, release, step.spec), deployed: false };
}

const withReplica = (
  state: ObservedState,
  container: string,
  change: (replica: ObservedReplica) => ObservedReplica,
): ObservedState => ({
  ...state,
  replicas: state.replicas.map((one) => (one.container === container ? change(one) : one)),
});

const withIngress = (
  state: ObservedState,
  container: string,
  change: (ingress: ObservedIngress) => ObservedIngress,
): ObservedState => ({
  ...state,
  ingresses: state.ingresses.map((ingress) => (ingress.container === container ? change(ingress) : ingress)),
});

const withRunning = (
  state: ObservedState,
  service: string,
  change: (config: IngressState) => IngressState,
): ObservedState => {
  const running = runningIngress(state, service);
  const config = running?.config;
  return running && config
    ? withIngress(state, running.container, (ingress) => ({ ...ingress, config: change(config) }))
    : state;
};

function fill(config: IngressState, container: string, state: 'ready' | 'drain'): IngressState {
  const known = config.slots.findIndex((slot) => slot?.container === container);
  const slot = known === -1 ? config.slots.indexOf(null) : known;
  if (slot === -1) throw new Error(`no free slot for ${container}`);
  return { ...config, slots: config.slots.map((old, at) => (at === slot ? { container, state } : old)) };
}
