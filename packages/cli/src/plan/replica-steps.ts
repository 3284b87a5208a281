import type { IngressState } from '../model/ingress.ts';
import { isAlive } from '../model/is-alive.ts';
import { containerName } from '../model/names.ts';
import type { ObservedReplica } from '../model/observed.ts';
import type { FailureRule, PlannedStep } from '../model/plan.ts';
import { type ReplicaId, replicaName, type Service } from '../model/service.ts';
import type { Step } from '../model/step.ts';
import type { ReplicaInput, RetireInput } from '../model/step-inputs.ts';
import { configureInput, type Definitions, dialInput, drainInput, retireInput } from './definitions.ts';
import type { Desired } from './desired.ts';
import type { Monitoring } from './monitoring-of.ts';
import { isIn, type Place, type Slots } from './place.ts';
import { gateInput, replicaInput } from './replica-input.ts';

/** Shared by the steps of all places of a service. */
export interface ReplicaPlanContext {
  readonly service: Service;
  readonly desired: Desired;
  readonly slots: Slots;
  /** The state of the ingress before any replica moves; undefined if the service has no ingress. */
  readonly told: IngressState | undefined;
  /** Steps before a container can be created. */
  readonly based: readonly string[];
  /** Steps before a replica can be gated: the ingress exists. */
  readonly ready: readonly string[];
  /** Steps of the services that this one depends on. */
  readonly waits: readonly string[];
  /** Steps that free what a new container needs: they stop containers of `docker compose up`. */
  readonly cleared: readonly string[];
  /** Others need the ports of the old containers: these stop as soon as their successors are created. */
  readonly early: boolean;
  readonly monitoring: Monitoring;
  /** Whether a new container inherits volumes that only its predecessor has. */
  readonly inherits: boolean;
  /** The rollout starts, stops or configures an ingress of the service. */
  readonly ingressChanges: boolean;
  readonly definitions: Definitions;
  readonly rule: FailureRule | undefined;
}

/** Name of the new container of a place. */
export const newContainer = (replica: ReplicaId, { project, release }: Desired): string =>
  containerName(project.name, replica, release);

/** Creates the container. Another step starts it. */
export function create(place: Place, around: ReplicaPlanContext): PlannedStep {
  const { replica, change = '' } = place;
  const { service, desired } = around;
  const inherits = inheritsFrom(place, around);
  return {
    id: `create ${replicaName(replica)}`,
    after: around.based,
    step: {
      kind: 'create-replica',
      replica,
      container: newContainer(replica, desired),
      spec: desired.specHashes[service.name] ?? '',
      ...(inherits !== undefined && { inherits }),
      ...madeBy(place, around),
      reason: change,
    },
  };
}

/** Starts the container of a place. Creates it if no step has. */
export function start(place: Place, around: ReplicaPlanContext, after: readonly string[]): PlannedStep {
  const { replica, change = '' } = place;
  const { service, desired } = around;
  return {
    id: `start ${replicaName(replica)}`,
    after,
    step: {
      kind: 'start-replica',
      replica,
      container: newContainer(replica, desired),
      spec: desired.specHashes[service.name] ?? '',
      ...madeBy(place, around),
      reason: change,
    },
  };
}

/** The container whose anonymous volumes a new one inherits. */
const inheritsFrom = ({ old }: Place, { inherits }: ReplicaPlanContext): string | undefined =>
  inherits ? (old.find(({ deployed }) => deployed) ?? old[0])?.container : undefined;

const madeBy = (
  place: Place,
  around: ReplicaPlanContext,
): { readonly input: ReplicaInput; readonly undo: RetireInput } => {
  const { service, desired, ingressChanges, definitions } = around;
  const inherits = inheritsFrom(place, around);
  return {
    input: replicaInput(service, desired, { ingressChanges, ...(inherits !== undefined && { inherits }) }),
    undo: retireInput(definitions),
  };
};

/** A running container passes its gate, and only then gets requests. */
export function prove(
  { replica, old }: Pick<Place, 'replica' | 'old'>,
  container: string,
  { service, desired, slots, told, definitions, monitoring: { gateMs, watchMs } }: ReplicaPlanContext,
  { after, reason }: Pick<PlannedStep, 'after'> & Pick<Step, 'reason'>,
): PlannedStep[] {
  const name = replicaName(replica);
  const input = gateInput(service, desired);
  const gate: PlannedStep = {
    id: `gate ${name}`,
    after,
    step: {
      kind: 'gate-replica',
      replica,
      container,
      ...(told && { previous: told }),
      ...(gateMs > 0 && { monitorMs: gateMs }),
      input,
      undo: configureInput(definitions, desired),
      reason: 'checks that it works',
    },
  };
  const admit: PlannedStep = {
    id: `admit ${name}`,
    after: [gate.id],
    step: { kind: 'admit-replica', replica, container, undo: drainInput(definitions), reason },
  };
  const steps = slots === undefined ? [gate] : [gate, admit];
  if (watchMs > 0) {
    const step = {
      kind: 'watch-replica',
      replica,
      container,
      monitorMs: watchMs,
      input,
      reason: 'checks that it stays up',
    } as const;
    steps.push({ id: `watch ${name}`, after: steps.slice(-1).map(({ id }) => id), step });
  }
  if (service.report !== undefined) {
    const step = {
      kind: 'ask-replica',
      replica,
      container,
      path: service.report,
      ...(old[0] && { replaces: old[0].container }),
      input: dialInput(definitions),
      reason: 'for the receipt',
    } as const;
    steps.push({ id: `ask ${name}`, after: [gate.id], step });
  }
  return steps;
}

/** Takes a running container out of the ingress, if it is in it; `idle` if an undo does not restore it. */
export function drain(
  old: ObservedReplica,
  { reason, after, idle }: Pick<PlannedStep, 'after'> & { reason: string; idle: boolean },
  { slots, definitions }: Pick<ReplicaPlanContext, 'slots' | 'definitions'>,
): PlannedStep[] {
  const { replica, container } = old;
  // A stopped container has no requests in flight.
  if (!isIn(slots, old) || !isAlive(old)) return [];
  const step = {
    kind: 'drain-replica',
    replica,
    container,
    input: drainInput(definitions),
    reason,
    ...(idle && { idle }),
  } as const;
  return [{ id: `drain ${container}`, after, step }];
}

/** Whether draining it changes nothing, because it got no requests before. */
export const isIdle = (old: ObservedReplica, slots: Slots): boolean =>
  old.state !== 'running' || slots?.find((one) => one?.container === old.container)?.state !== 'ready';
