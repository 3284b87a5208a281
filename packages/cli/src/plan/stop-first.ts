import type { ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { replicaName } from '../model/project.ts';
import { isAlive, type Place } from './place.ts';
import { create, drain, newContainer, prove, type Surroundings, start, stop } from './replica-steps.ts';

/**
 * One container at a time: all is prepared, then the old one is drained and stops, and only then the new one starts.
 * The old one is kept, stopped, until the release is committed.
 */
export function stopFirst(place: Place, around: Surroundings, previous: readonly string[]): PlannedStep[] {
  const { replica, old, change = '' } = place;
  const { desired, ready, waits, cleared } = around;
  const container = newContainer(replica, desired);
  const prepared = old.length + cleared.length > 0 ? [create(place, around)] : [];
  const made = prepared.map(({ id }) => id);
  const turn = around.early ? made : [...made, ...previous, ...ready, ...waits];
  // Who gives its ports away at once has no time to drain.
  const slots = around.early ? undefined : around.slots;
  const leaving = makeWay(place, { slots }, turn, `${replicaName(replica)} is filled by ${container}`);
  const stopped = leaving.filter(({ step }) => step.kind === 'stop-replica').map(({ id }) => id);
  const begin = start(place, around, [...previous, ...made, ...stopped, ...waits, ...cleared]);
  const reason = old.length === 0 ? change : `replaces ${old.map((one) => one.container).join(', ')}`;
  return [...prepared, ...leaving, begin, ...prove(place, container, around, { after: [begin.id, ...ready], reason })];
}

/** Drains and stops what stands in a place; only the one that is gone back to is started again when it goes wrong. */
export function makeWay(
  { old, fallback }: Pick<Place, 'old' | 'fallback'>,
  { slots }: Pick<Surroundings, 'slots'>,
  after: readonly string[],
  reason: string,
): PlannedStep[] {
  return old.flatMap((one: ObservedReplica) => {
    const idle = one !== fallback;
    // One that a rollout which died stopped is stopped again first: nothing must be admitted that does not run.
    if (!isAlive(one)) {
      const stops = stop(one, reason, after, idle);
      return [...stops, ...drain(one, { reason, after: stops.map(({ id }) => id), slots, idle })];
    }
    const drains = drain(one, { reason, after, slots, idle });
    return [...drains, ...stop(one, reason, [...after, ...drains.map(({ id }) => id)], idle)];
  });
}
