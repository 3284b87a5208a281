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

/** What the steps of a service's places have in common. */
export interface ReplicaPlanContext {
  readonly service: Service;
  readonly desired: Desired;
  readonly slots: Slots;
  /** What the ingress is told before any replica moves; undefined where the service has none. */
  readonly told: IngressState | undefined;
  /** Steps before a container can be made. */
  readonly based: readonly string[];
  /** Steps by which the first ingress of the service comes to run; none where there was one. */
  readonly fronted: readonly string[];
  /** Steps before a replica can be gated: the ingress is there. */
  readonly ready: readonly string[];
  /** Steps of the services that this one depends on. */
  readonly waits: readonly string[];
  /** Steps that free what a new container needs: containers of `docker compose up` are stopped. */
  readonly cleared: readonly string[];
  /** Others need the ports of the containers that go: those stop as soon as their successors are made. */
  readonly early: boolean;
  readonly monitoring: Monitoring;
  /** Whether a new container takes over volumes that only its predecessor's container knows. */
  readonly inherits: boolean;
  /** The rollout stops an ingress of the service. */
  readonly changesHands: boolean;
  readonly definitions: Definitions;
  readonly rule: FailureRule | undefined;
}

/** Name of the container that a place gets. */
export const newContainer = (replica: ReplicaId, { project, release }: Desired): string =>
  containerName(project.name, replica, release);

/** Makes the container; its start is another step. */
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

/** Starts the container of a place, and makes it where no step did. */
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

/** The container whose anonymous volumes a new one takes over. */
const inheritsFrom = ({ old }: Place, { inherits }: ReplicaPlanContext): string | undefined =>
  inherits ? (old.find(({ deployed }) => deployed) ?? old[0])?.container : undefined;

const madeBy = (
  place: Place,
  around: ReplicaPlanContext,
): { readonly input: ReplicaInput; readonly undo: RetireInput } => {
  const { service, desired, changesHands, definitions } = around;
  const inherits = inheritsFrom(place, around);
  return {
    input: replicaInput(service, desired, { changesHands, ...(inherits !== undefined && { inherits }) }),
    undo: retireInput(definitions),
  };
};

/**
 * Steps by which the ingress runs before the first container of a place: a program may look its service's name up as soon
 * as it runs. Where one is replaced, the name leads to an ingress already.
 */
export const ingressFirst = ({ old }: Place, { fronted, cleared, early }: ReplicaPlanContext): readonly string[] =>
  old.length + cleared.length > 0 || early ? [] : fronted;

/** A container that runs passes its gate, and only then gets requests. */
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

/** Takes a container that runs out of the ingress, where it is in there; `idle` where it is not gone back to. */
export function drain(
  old: ObservedReplica,
  { reason, after, idle }: Pick<PlannedStep, 'after'> & { reason: string; idle: boolean },
  { slots, definitions }: Pick<ReplicaPlanContext, 'slots' | 'definitions'>,
): PlannedStep[] {
  const { replica, container } = old;
  // What does not run has no request in flight.
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

/** Whether draining it takes nothing away: it got no requests before. */
export const isIdle = (old: ObservedReplica, slots: Slots): boolean =>
  old.state !== 'running' || slots?.find((one) => one?.container === old.container)?.state !== 'ready';
