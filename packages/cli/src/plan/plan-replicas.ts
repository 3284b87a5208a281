import { containerName } from '../model/names.ts';
import type { ObservedReplica, SlotFill } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { type ReplicaId, replicaName, type Service } from '../model/project.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { retireReplica } from './retire.ts';

/** What the replicas' steps wait for, and what the ingress holds before them. */
export interface ReplicaSurroundings {
  /** Steps before a container can start. */
  readonly based: readonly string[];
  /** Steps before a replica can be gated: those and the ingress. */
  readonly ready: readonly string[];
  /** Undefined where the service has no ingress. */
  readonly slots: readonly (SlotFill | null)[] | undefined;
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
  for (const place of places) if (place.change === undefined) before.push(...keepPlace(place, surroundings));
  for (const old of surplus) {
    const admitted = places.flatMap(({ replica }) => [`admit ${replicaName(replica)}`]);
    before.push(
      ...drain(
        old,
        `the service has ${service.replicas} replicas now`,
        before.filter(({ id }) => admitted.includes(id)).map(({ id }) => id),
        surroundings.slots,
      ),
    );
  }
  const after = [
    ...places.flatMap(({ replica, old }) =>
      old.map((one) => retireReplica(one, `${replicaName(replica)} was replaced`)),
    ),
    ...surplus.map((one) => retireReplica(one, `the service has ${service.replicas} replicas now`)),
  ];
  return { before, after };
}

/** One replica: the container that stays, if one does, and those that go. */
interface Place {
  readonly replica: ReplicaId;
  readonly keep: ObservedReplica | undefined;
  readonly old: readonly ObservedReplica[];
  /** Why a new container is needed; undefined where `keep` fills the place. */
  readonly change: string | undefined;
}

function placeOf(
  replica: ReplicaId,
  observed: readonly ObservedReplica[],
  service: Service,
  desired: Desired,
  slots: ReplicaSurroundings['slots'],
): Place {
  const here = observed.filter((one) => one.replica.index === replica.index);
  // What serves is kept before what does not: after a rollout that died there may be two of one kind.
  const ranked = here.toSorted((a, b) => rank(b, slots) - rank(a, slots));
  const keep = ranked.find(
    (one) => one.spec === desired.specs[service.name] && one.state === 'running' && one.health !== 'unhealthy',
  );
  const change = desired.recreate.includes(service.name)
    ? 'recreate was asked for'
    : keep
      ? undefined
      : whyNew(ranked[0], desired.specs[service.name]);
  return change === undefined
    ? { replica, keep, old: here.filter((one) => one !== keep), change }
    : { replica, keep: undefined, old: here, change };
}

const rank = (one: ObservedReplica, slots: ReplicaSurroundings['slots']): number =>
  (slots?.some((slot) => slot?.container === one.container && slot.state === 'ready') ? 2 : 0) +
  (one.state === 'running' ? 1 : 0);

function whyNew(old: ObservedReplica | undefined, spec: string | undefined): string {
  if (old === undefined) return 'there is none yet';
  if (old.spec !== spec) return 'the service changed';
  return old.state === 'running' ? `${old.container} is ${old.health}` : `${old.container} is ${old.state}`;
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
  { replica, old, change }: Place,
  service: Service,
  desired: Desired,
  previous: readonly string[],
  { ready, slots }: ReplicaSurroundings,
): PlannedStep[] {
  const name = replicaName(replica);
  const container = containerName(desired.project.name, replica, desired.release);
  const reason = change ?? '';
  const replaces = old.length === 0 ? reason : `replaces ${old.map((one) => one.container).join(', ')}`;
  const steps: PlannedStep[] = [
    {
      id: `start ${name}`,
      after: previous,
      step: { kind: 'start-replica', replica, container, spec: desired.specs[service.name] ?? '', reason },
    },
    {
      id: `gate ${name}`,
      after: [`start ${name}`, ...ready],
      step: { kind: 'gate-replica', replica, container, reason: 'it has to prove that it works' },
    },
  ];
  if (slots !== undefined)
    steps.push({
      id: `admit ${name}`,
      after: [`gate ${name}`],
      step: { kind: 'admit-replica', replica, container, reason: replaces },
    });
  if (service.report !== undefined) {
    steps.push({
      id: `ask ${name}`,
      after: [`gate ${name}`],
      step: {
        kind: 'ask-replica',
        replica,
        container,
        path: service.report,
        ...(old[0] && { replaces: old[0].container }),
        reason: 'for the receipt',
      },
    });
  }
  const served = slots === undefined ? `gate ${name}` : `admit ${name}`;
  for (const one of old) steps.push(...drain(one, `${name} is filled by ${container}`, [served], slots));
  return steps;
}

/** A place whose container stays still converges: it is admitted if a rollout died before that. */
function keepPlace({ replica, keep, old }: Place, { ready, slots }: ReplicaSurroundings): PlannedStep[] {
  if (keep === undefined) return [];
  const name = replicaName(replica);
  const steps: PlannedStep[] = [];
  const admitted =
    slots === undefined || slots.some((slot) => slot?.container === keep.container && slot.state === 'ready');
  if (!admitted) {
    steps.push({
      id: `gate ${name}`,
      after: ready,
      step: { kind: 'gate-replica', replica, container: keep.container, reason: 'it runs without being served' },
    });
    steps.push({
      id: `admit ${name}`,
      after: [`gate ${name}`],
      step: { kind: 'admit-replica', replica, container: keep.container, reason: 'it runs without being served' },
    });
  }
  for (const one of old)
    steps.push(
      ...drain(
        one,
        `${name} is filled by ${keep.container}`,
        steps.map(({ id }) => id),
        slots,
      ),
    );
  return steps;
}

function drain(
  old: ObservedReplica,
  reason: string,
  after: readonly string[],
  slots: ReplicaSurroundings['slots'],
): PlannedStep[] {
  if (!slots?.some((slot) => slot?.container === old.container)) return [];
  return [
    {
      id: `drain ${old.container}`,
      after,
      step: { kind: 'drain-replica', replica: old.replica, container: old.container, reason },
    },
  ];
}
