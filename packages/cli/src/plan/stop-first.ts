import type { PlannedStep } from '../model/plan.ts';
import { replicaName } from '../model/service.ts';
import { isAlive, isIn, type Place, type Slots } from './place.ts';
import { create, drain, isIdle, newContainer, prove, type Surroundings, start } from './replica-steps.ts';

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
  const leaving = makeWay(place, slots, turn, `${replicaName(replica)} is filled by ${container}`);
  const stopped = leaving.filter(({ step }) => step.kind === 'stop-replica').map(({ id }) => id);
  const begin = start(place, around, [...previous, ...made, ...stopped, ...waits, ...cleared]);
  const reason = old.length === 0 ? change : `replaces ${old.map((one) => one.container).join(', ')}`;
  return [...prepared, ...leaving, begin, ...prove(place, container, around, { after: [begin.id, ...ready], reason })];
}

/**
 * Drains and stops what stands in a place; what ran runs again when it goes wrong. Where a rollout that died has stopped
 * the one to go back to, the last stop of what runs in its stead leads back to that.
 */
export function makeWay(
  { old, fallback }: Pick<Place, 'old' | 'fallback'>,
  slots: Slots,
  after: readonly string[],
  reason: string,
): PlannedStep[] {
  const alive = old.filter(isAlive);
  const isStopped = fallback !== undefined && !isAlive(fallback);
  const order = isStopped && alive.length === 0 ? [fallback] : alive;
  const steps: PlannedStep[] = [];
  let turn = after;
  for (const [at, one] of order.entries()) {
    const { replica, container } = one;
    const serves = one === fallback ? isIn(slots, one) : !isIdle(one, slots);
    const drains = drain(one, { reason, after: turn, slots, idle: isStopped || !serves });
    const same = isStopped ? undefined : { container, serves };
    const other =
      isStopped && at === order.length - 1
        ? { container: fallback.container, serves: isIn(slots, fallback) }
        : undefined;
    const back = same ?? other;
    const step = { kind: 'stop-replica', replica, container, reason, ...(back && { back }) } as const;
    const stop: PlannedStep = { id: `stop ${container}`, after: [...turn, ...drains.map(({ id }) => id)], step };
    steps.push(...drains, stop);
    turn = [...after, stop.id];
  }
  return steps;
}
