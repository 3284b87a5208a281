import type { ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { replicaName } from '../model/service.ts';
import { inBatches } from './batches.ts';
import { resumeInput } from './definitions.ts';
import type { ServiceSteps } from './desired.ts';
import { hasPassed, isCompleted, type Place, type PlaceRules, placeOf } from './place.ts';
import { drain, isIdle, prove, type ReplicaPlanContext } from './replica-steps.ts';
import { retireReplica } from './retire.ts';
import { startFirst } from './start-first.ts';
import { makeWay, stopFirst } from './stop-first.ts';

/** Fills the places of a service in the order of its rollout. The old containers are retired at the very end. */
export function planReplicas(
  rules: PlaceRules,
  observed: readonly ObservedReplica[],
  around: ReplicaPlanContext,
): ServiceSteps {
  const { service, order, slots } = rules;
  const { definitions } = around;
  const byIndex = Map.groupBy(observed, ({ replica }) => replica.index);
  const places = Array.from({ length: service.replicas }, (_, at) =>
    placeOf({ service: service.name, index: at + 1 }, byIndex.get(at + 1) ?? [], rules),
  );
  const starting = places.filter(({ change }) => change !== undefined);
  const history = planHistory(around, starting.length > 0);
  const based = [...around.based, ...history.map(({ id }) => id)];
  const fill = order === 'start-first' ? startFirst : stopFirst;
  const filled = inBatches(service, order, starting, based, (place, previous) =>
    ofPlace(place, fill(place, { ...around, based }, previous), around),
  );
  const kept = places
    .filter(({ change }) => change === undefined)
    .flatMap((place) => ofPlace(place, keepPlace(place, rules, around), around));
  const before = [...history, ...filled, ...kept];

  const fewer = `the service has ${service.replicas} ${service.replicas === 1 ? 'replica' : 'replicas'} now`;
  const surplus = observed.filter(({ replica }) => replica.index > service.replicas);
  const doubles = places.flatMap(({ old, keep }) => {
    if (keep) return order === 'start-first' || hasPassed(keep, slots) ? old : [];
    return order === 'start-first' ? old.slice(1) : [];
  });
  // If two containers fill one place, the second may stand in for another place until that one serves.
  const admits = before.filter(({ step }) => step.kind === 'admit-replica').map(({ id }) => id);
  const drains = [...doubles, ...surplus].flatMap((old) => {
    const reason = surplus.includes(old) ? fewer : `another container takes its place`;
    const idle = isIdle(old, slots);
    const leaving = around.early
      ? makeWay([old], based, 'its ports are needed', { slots: undefined, definitions })
      : drain(old, { reason, after: [...around.ready, ...admits], idle }, { slots, definitions });
    return leaving.map((planned) => ({ ...planned, place: replicaName(old.replica) }));
  });
  const after = [
    ...places.flatMap(({ replica, old }) =>
      old.map((one) => retireReplica(one, `${replicaName(replica)} was replaced`, definitions)),
    ),
    ...surplus.map((one) => retireReplica(one, fewer, definitions)),
    ...ghosts(service.name, observed, around),
  ];
  return { before: [...before, ...drains], after };
}

/** The steps of one place fail, and are tolerated or undone, together. */
function ofPlace({ replica }: Place, steps: readonly PlannedStep[], { rule }: ReplicaPlanContext): PlannedStep[] {
  const place = replicaName(replica);
  return steps.map((planned) => ({
    ...planned,
    place,
    ...(rule && MAY_FAIL.has(planned.step.kind) && { onFailure: rule }),
  }));
}

const MAY_FAIL: ReadonlySet<string> = new Set([
  'create-replica',
  'start-replica',
  'resume-replica',
  'gate-replica',
  'admit-replica',
  'watch-replica',
]);

function planHistory({ service, desired, based }: ReplicaPlanContext, starts: boolean): PlannedStep[] {
  const source = desired.project.history?.source;
  const mounts = service.mounts.some((mount) => mount.kind === 'bind' && mount.source === source);
  const from = desired.historyFrom;
  // A rollout that died may have started everything and moved nothing.
  if ((!starts && from === undefined) || !mounts || source === undefined) return [];
  const reason = from === undefined ? 'containers are about to use it' : `its entries are copied from ${from}`;
  const { name, image, user } = service;
  const input = { image, ...(user !== undefined && { user }) };
  const step = { kind: 'prepare-history', source, service: name, ...(from && { from }), input, reason } as const;
  return [{ id: `history ${service.name}`, after: based, step }];
}

/** A kept container still converges: it is gated and admitted if a rollout died before that. */
function keepPlace(place: Place, rules: PlaceRules, around: ReplicaPlanContext): PlannedStep[] {
  const { keep, replica } = place;
  if (keep === undefined) return [];
  const { service, order, slots, unfinished } = rules;
  const { container } = keep;
  const alone = order === 'stop-first';
  const passed = hasPassed(keep, slots);
  const turn = around.early ? around.based : around.ready;
  const taken = `${container} takes its place`;
  const leaving = alone && !passed ? makeWay(place.old, turn, taken, { slots, definitions: around.definitions }) : [];
  const reason = 'a rollout ended before it served';
  // A rollout that died may have removed its restart policy, or its requests in the ingress.
  const doubtful =
    unfinished !== undefined &&
    keep.release !== unfinished &&
    !isCompleted(keep, service, slots) &&
    (slots === undefined ? alone : !passed);
  const ready = [...around.ready, ...leaving.map(({ id }) => id)];
  const resume: PlannedStep[] = doubtful
    ? [
        {
          id: `resume ${replicaName(replica)}`,
          after: ready,
          step: { kind: 'resume-replica', replica, container, input: resumeInput(around.definitions), reason },
        },
      ]
    : [];
  const after = [...ready, ...resume.map(({ id }) => id)];
  return [...leaving, ...resume, ...(passed ? [] : prove(place, container, around, { after, reason }))];
}

/** Frees slots of containers that someone else removed. Otherwise they would fill up. */
function ghosts(
  service: string,
  observed: readonly ObservedReplica[],
  { slots, definitions }: Pick<ReplicaPlanContext, 'slots' | 'definitions'>,
): PlannedStep[] {
  const known = new Set(observed.map(({ container }) => container));
  return (slots ?? [])
    .flatMap((slot) => (slot === null || known.has(slot.container) ? [] : [slot.container]))
    .map((container) => {
      const index = Number(/-(\d+)-[^-]*$/.exec(container)?.[1] ?? 0);
      return retireReplica({ replica: { service, index }, container }, 'its container is gone', definitions);
    });
}
