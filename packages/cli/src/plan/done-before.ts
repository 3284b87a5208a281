import type { IngressState } from '../model/ingress.ts';
import { isAlive } from '../model/is-alive.ts';
import type { ObservedIngress, ObservedReplica, ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Network } from '../model/project.ts';
import { hasIngress, replicaName, type Service } from '../model/service.ts';
import type { BegunStep } from '../model/step.ts';
import type { ConfigureInput } from '../model/step-inputs.ts';
import {
  configureInput,
  type Definitions,
  definitionsOf,
  drainInput,
  nameInput,
  resumeInput,
  retireInput,
} from './definitions.ts';
import type { Desired } from './desired.ts';
import { ingressState, sameState } from './ingress-state.ts';
import { isCompleted, isReady, works } from './place.ts';
import { gives, heldNow, isEndOf, type PortMove, portMoves } from './port-moves.ts';
import { rollingOf } from './rolling-of.ts';

/**
 * What rollouts that died have done since the last release, as the steps that did it. It is read from what is there:
 * what the release has and does not serve they took away, and what it does not have they made. Where somebody removed a
 * container that the release has, what serves in its stead is left out, unless others are to have its ports.
 */
export function doneBefore(desired: Desired, observed: ObservedState): PlannedStep<BegunStep>[] {
  const { current, unfinished, replicas, ingresses } = observed;
  // Before the first release there is nothing to go back to.
  if (current === undefined || unfinished === undefined) return [];
  const { services, networks } = current.project;
  const moves = portMoves(services, heldNow(observed));
  const names = new Set([...replicas.map(({ replica }) => replica.service), ...ingresses.map((one) => one.service)]);
  const left = [...names].flatMap((name) => {
    const service = services.find((one) => one.name === name);
    const definitions = definitionsOf(name, desired, observed);
    const snapshot: ServiceSnapshot = {
      name,
      service,
      order: service && rollingOf(service, desired.traits[name]).order,
      ingresses: ingresses.filter((one) => one.service === name),
      moves,
      networks,
      definitions,
      peers: configureInput(definitions, desired),
    };
    const own = Map.groupBy(
      replicas.filter(({ replica }) => replica.service === name),
      ({ replica }) => replica.index,
    );
    // Whom the ingress was told of comes before its own end: that was the one that is gone back to.
    return [...[...own].flatMap(([index, here]) => inPlace(index, here, snapshot)), ...withIngress(snapshot)];
  });
  return left.map((one) => ({ ...one, after: takenFrom(one, left, moves) }));
}

/** What is there of one service, and what it was like. */
interface ServiceSnapshot {
  readonly name: string;
  /** As the release has it; undefined where it does not. */
  readonly service: Service | undefined;
  readonly order: 'start-first' | 'stop-first' | undefined;
  readonly ingresses: readonly ObservedIngress[];
  /** Ports that one has now and that another has in the release. */
  readonly moves: readonly PortMove[];
  /** Those of the release. */
  readonly networks: readonly Network[];
  readonly definitions: Definitions;
  readonly peers: ConfigureInput;
}

const reason = 'a rollout that died has done it';
const stepOf = (step: BegunStep, place?: string): PlannedStep<BegunStep> => ({
  id: `left ${step.kind} ${'container' in step ? step.container : 'service' in step ? step.service : ''}`,
  after: [],
  ...(place !== undefined && { place }),
  step,
});

function inPlace(index: number, here: readonly ObservedReplica[], snapshot: ServiceSnapshot): PlannedStep<BegunStep>[] {
  const { name, service, moves } = snapshot;
  const own = here.find(({ deployed }) => deployed);
  const made = here.filter((one) => one !== own);
  const isBack = own !== undefined && comesBack(own, made, snapshot);
  // Where nothing is gone back to, those that are left stay.
  if (service !== undefined && index <= service.replicas && !isBack && !gives(moves, name, 'replicas')) return [];
  const place = replicaName({ service: name, index });
  return [...(isBack ? takenAway(own, snapshot) : []), ...made.flatMap((one) => madeBy(one, snapshot))].map((step) =>
    stepOf(step, place),
  );
}

/** What others stand in for is gone back to only if it may be better. */
function comesBack(
  own: ObservedReplica,
  others: readonly ObservedReplica[],
  { service, order, ingresses }: ServiceSnapshot,
): boolean {
  if (service === undefined) return false;
  if (own.state === 'exited' || works(own, { service, slots: undefined })) return true;
  return isAlive(own) && (order === 'stop-first' || !others.some((one) => isAdmitted(one, ingresses)));
}

function takenAway(own: ObservedReplica, { service, order, ingresses, definitions }: ServiceSnapshot): BegunStep[] {
  const { replica, container, state } = own;
  if (service === undefined || service.job) return [];
  const slots = hasIngress(service) ? [] : undefined;
  if (isCompleted(own, service, slots)) return [];
  const isDrained = slots && ingresses.some(({ config }) => config !== undefined && !isReady(config.slots, own));
  const beside = order === 'start-first' && { beside: true as const };
  // One that runs may have been told not to start again, on the way to being stopped.
  const isStopped = state === 'exited' || order === 'stop-first';
  return [
    ...(isDrained ? [{ kind: 'drain-replica', replica, container, reason } as const] : []),
    ...(isStopped
      ? [{ kind: 'stop-replica', replica, container, ...beside, undo: resumeInput(definitions), reason } as const]
      : []),
  ];
}

function madeBy(one: ObservedReplica, { ingresses, definitions }: ServiceSnapshot): BegunStep[] {
  const { replica, container, specHash: spec } = one;
  return [
    { kind: 'start-replica', replica, container, spec, undo: retireInput(definitions), reason },
    ...(isAdmitted(one, ingresses)
      ? [{ kind: 'admit-replica', replica, container, undo: drainInput(definitions), reason } as const]
      : []),
  ];
}

const isAdmitted = (one: ObservedReplica, ingresses: readonly ObservedIngress[]): boolean =>
  ingresses.some(({ config }) => isReady(config?.slots, one));

function withIngress({
  name,
  service,
  ingresses,
  moves,
  networks,
  definitions,
  peers,
}: ServiceSnapshot): PlannedStep<BegunStep>[] {
  const own = ingresses.find(({ deployed }) => deployed);
  const others = ingresses.filter((one) => one !== own);
  if (service !== undefined && hasIngress(service) && own === undefined && !gives(moves, name, 'ingress')) return [];
  const previous = service && own?.config && toldBy(service, own.config, networks);
  const steps: BegunStep[] = [];
  if (own?.config && previous && !sameState(previous, own.config))
    steps.push({ kind: 'configure-ingress', service: name, state: own.config, previous, undo: peers, reason });
  if (own && (own.state !== 'running' || others.length > 0)) {
    const { container } = own;
    steps.push({ kind: 'stop-ingress', service: name, container, undo: nameInput(definitions, container), reason });
  }
  for (const { container, specHash: spec, state, config = unknown(name) } of others) {
    steps.push({ kind: 'create-ingress', service: name, container, state: config, spec, reason });
    if (state === 'running') steps.push({ kind: 'start-ingress', service: name, container, reason });
  }
  return steps.map((step) => stepOf(step));
}

/** What the release told its ingress, with the ports that it had found out about. */
const toldBy = (service: Service, config: IngressState, networks: readonly Network[]): IngressState => ({
  ...ingressState(service, config, networks),
  slots: config.slots,
});

/** Of an ingress that was made and not told anything yet. */
const unknown = (service: string): IngressState => ({
  service,
  ports: [],
  holdTimeoutMs: 0,
  outageTimeoutMs: 0,
  drainTimeoutMs: 0,
  clientTimeoutMs: 0,
  serverTimeoutMs: 0,
  slots: [],
});

/** What a step took the ports of: that was stopped before. */
function takenFrom(
  { step }: PlannedStep<BegunStep>,
  left: readonly PlannedStep<BegunStep>[],
  moves: readonly PortMove[],
): string[] {
  const by = step.kind === 'start-ingress' ? 'ingress' : 'replicas';
  const name = step.kind === 'start-ingress' ? step.service : step.kind === 'start-replica' && step.replica.service;
  const givers = moves.filter(({ from }) => from.service === name && from.by === by).map(({ to }) => to);
  return left.filter((one) => givers.some((giver) => isEndOf(giver, one.step))).map(({ id }) => id);
}
