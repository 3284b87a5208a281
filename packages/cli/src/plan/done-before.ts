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
 * The steps of rollouts that died since the last release, derived from the observed state: containers of the release
 * that do not serve were taken away, and containers that the release does not have were made. If someone removed a
 * container of the release, its replacement is left out, unless others need its ports.
 */
export function doneBefore(desired: Desired, observed: ObservedState): PlannedStep<BegunStep>[] {
  const { current, unfinished, replicas, ingresses } = observed;
  // Before the first release there is nothing to restore.
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
    // The ingress learned of its replicas before its own end, because that one is restored.
    return [...[...own].flatMap(([index, here]) => inPlace(index, here, snapshot)), ...withIngress(snapshot)];
  });
  return left.map((one) => ({ ...one, after: takenFrom(one, left, moves) }));
}

/** The state of one service, now and in the release. */
interface ServiceSnapshot {
  readonly name: string;
  /** As in the release; undefined if the release does not have it. */
  readonly service: Service | undefined;
  readonly order: 'start-first' | 'stop-first' | undefined;
  readonly ingresses: readonly ObservedIngress[];
  /** Ports that move from one holder now to another in the release. */
  readonly moves: readonly PortMove[];
  /** The networks of the release. */
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
  // If nothing can be restored, the remaining containers stay.
  if (service !== undefined && index <= service.replicas && !isBack && !gives(moves, name, 'replicas')) return [];
  const place = replicaName({ service: name, index });
  return [...(isBack ? takenAway(own, snapshot) : []), ...made.flatMap((one) => madeBy(one, snapshot))].map((step) =>
    stepOf(step, place),
  );
}

/** A container with replacements is restored only if it may work better. */
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
  // A running container may have lost its restart policy on the way to being stopped.
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

/** The state that the release gave its ingress, with the ports that it had found. */
const toldBy = (service: Service, config: IngressState, networks: readonly Network[]): IngressState => ({
  ...ingressState(service, config, networks),
  slots: config.slots,
});

/** The state of an ingress that was created but not configured yet. */
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

/** The holder from which a step took the ports: it was stopped before. */
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
