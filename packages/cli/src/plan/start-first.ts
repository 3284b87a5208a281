import type { PlannedStep } from '../model/plan.ts';
import { replicaName } from '../model/service.ts';
import type { Place } from './place.ts';
import { create, drain, isIdle, newContainer, prove, type ReplicaPlanContext, start } from './replica-steps.ts';

/** The new replica is healthy and admitted before the old one is drained. */
export function startFirst(place: Place, around: ReplicaPlanContext, previous: readonly string[]): PlannedStep[] {
  const { replica, old, change = '' } = place;
  const { desired, slots, ready, waits, cleared } = around;
  const name = replicaName(replica);
  const container = newContainer(replica, desired);
  const prepared = cleared.length > 0 || (around.inherits && old.length > 0) ? [create(place, around)] : [];
  const begin = start(place, around, [...previous, ...prepared.map(({ id }) => id), ...waits, ...cleared]);
  const reason = old.length === 0 ? change : `replaces ${old.map((one) => one.container).join(', ')}`;
  const proof = prove(place, container, around, { after: [begin.id, ...ready], reason });
  const serves = slots === undefined ? `gate ${name}` : `admit ${name}`;
  const [serving] = old;
  const drains = serving
    ? drain(serving, { reason: `${container} takes its place`, after: [serves], idle: isIdle(serving, slots) }, around)
    : [];
  return [...prepared, begin, ...proof, ...drains];
}
