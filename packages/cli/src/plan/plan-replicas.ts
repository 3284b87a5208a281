import { containerName } from '../model/names.ts';
import type { ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { replicaName, type Service } from '../model/project.ts';
import type { ReleaseId } from '../model/release.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { type Place, placeOf, type Slots } from './place.ts';
import { drain, prove } from './replica-steps.ts';
import { retireReplica } from './retire.ts';

/** What the replicas' steps wait for, and what the ingress holds before them. */
export interface ReplicaSurroundings {
  /** Steps before a container can start. */
  readonly based: readonly string[];
  /** Steps before a replica can be gated: those and the ingress. */
  readonly ready: readonly string[];
  readonly slots: Slots;
  /** A release whose rollout died: its replicas may not have passed their gates. */
  readonly unfinished: ReleaseId | undefined;
}

/** Start-first: the new replica is healthy and admitted before the old one is drained; retired at the very end. */
export function planReplicas(
  service: Service,
  desired: Desired,
  observed: readonly ObservedReplica[],
  surroundings: ReplicaSurroundings,
): ServiceSteps {
  const places = Array.from({ length: service.replicas }, (_, at): Place => {
    const replica = { service: service.name, index: at + 1 };
    return placeOf(replica, observed, service, desired, surroundings.slots);
  });
  const fewer = `the service has ${service.replicas} ${service.replicas === 1 ? 'replica' : 'replicas'} now`;
  const surplus = observed.filter(({ replica }) => replica.index > service.replicas);

  const before: PlannedStep[] = [];
  const starting = places.filter(({ change }) => change !== undefined);
  const batchSize = service.update.parallelism > 0 ? service.update.parallelism : Math.max(starting.length, 1);
  const history = planHistory(service, desired, starting.length > 0, surroundings.based);
  let previous = [...surroundings.based, ...history.map(({ id }) => id)];
  before.push(...history);
  for (let at = 0; at < starting.length; at += batchSize) {
    const steps = starting
      .slice(at, at + batchSize)
      .map((place) => fillPlace(place, service, desired, previous, surroundings));
    before.push(...steps.flat());
    previous = [...surroundings.based, ...steps.flatMap((batch) => batch.map(({ id }) => id))];
  }
  for (const place of places) if (place.change === undefined) before.push(...keepPlace(place, service, surroundings));
  // Where two fill one place, the second may stand in for another place until that one serves.
  for (const old of [...places.flatMap(({ old, keep }) => (keep ? old : old.slice(1))), ...surplus]) {
    const admits = before.filter(({ step }) => step.kind === 'admit-replica').map(({ id }) => id);
    const reason = surplus.includes(old) ? fewer : `${replicaName(old.replica)} is filled by another`;
    before.push(...drain(old, reason, [...surroundings.ready, ...admits], surroundings.slots));
  }
  const after = [
    ...places.flatMap(({ replica, old }) =>
      old.map((one) => retireReplica(one, `${replicaName(replica)} was replaced`)),
    ),
    ...surplus.map((one) => retireReplica(one, fewer)),
    ...ghosts(service.name, observed, surroundings.slots),
  ];
  return { before, after };
}

function planHistory(service: Service, { project }: Desired, starts: boolean, based: readonly string[]): PlannedStep[] {
  const source = project.history?.source;
  const mounts = service.mounts.some((mount) => mount.kind === 'bind' && mount.source === source);
  if (!starts || !mounts || source === undefined) return [];
  const step = {
    kind: 'prepare-history',
    source,
    service: service.name,
    reason: 'containers are about to use it',
  } as const;
  return [{ id: `history ${service.name}`, after: based, step }];
}

function fillPlace(
  place: Place,
  service: Service,
  desired: Desired,
  previous: readonly string[],
  { ready, slots }: ReplicaSurroundings,
): PlannedStep[] {
  const { replica, old, change } = place;
  const name = replicaName(replica);
  const container = containerName(desired.project.name, replica, desired.release);
  const reason = change ?? '';
  const replaces = old.length === 0 ? reason : `replaces ${old.map((one) => one.container).join(', ')}`;
  const start: PlannedStep = {
    id: `start ${name}`,
    after: previous,
    step: { kind: 'start-replica', replica, container, spec: desired.specs[service.name] ?? '', reason },
  };
  const steps = [start, ...prove(place, container, service, slots, { after: [start.id, ...ready], reason: replaces })];
  const served = slots === undefined ? `gate ${name}` : `admit ${name}`;
  const [serving] = old;
  return serving ? [...steps, ...drain(serving, `${name} is filled by ${container}`, [served], slots)] : steps;
}

/** A place whose container stays still converges: it is gated and admitted if a rollout died before that. */
function keepPlace(place: Place, service: Service, { ready, slots, unfinished }: ReplicaSurroundings): PlannedStep[] {
  const { keep } = place;
  if (keep === undefined) return [];
  const { container } = keep;
  const passed =
    slots === undefined
      ? keep.release !== unfinished
      : slots.some((slot) => slot?.container === container && slot.state === 'ready');
  const unproved = { after: ready, reason: 'a rollout ended before it served' };
  return passed ? [] : prove(place, container, service, slots, unproved);
}

/** Slots of containers that someone else removed are freed, else they would fill up. */
function ghosts(service: string, observed: readonly ObservedReplica[], slots: Slots): PlannedStep[] {
  const names = (slots ?? []).flatMap((slot) => slot?.container ?? []);
  return names
    .filter((container) => !observed.some((one) => one.container === container))
    .map((container) => {
      const index = Number(/-(\d+)-[^-]*$/.exec(container)?.[1] ?? 0);
      return retireReplica({ replica: { service, index }, container }, 'its container is gone');
    });
}
