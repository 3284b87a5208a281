import { isAlive } from '../model/is-alive.ts';
import type { ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { type Definitions, resumeInput, stopInput } from './definitions.ts';
import type { Place, Slots } from './place.ts';
import { create, drain, isIdle, newContainer, prove, type ReplicaPlanContext, start } from './replica-steps.ts';

/**
 * One container at a time: everything is prepared, then the old one is drained and stops, and only then the new one
 * starts.
 * The old one is kept, stopped, until the release is committed.
 */
export function stopFirst(place: Place, around: ReplicaPlanContext, previous: readonly string[]): PlannedStep[] {
  const { replica, old, change = '' } = place;
  const { desired, ready, waits, cleared } = around;
  const container = newContainer(replica, desired);
  const prepared = old.length + cleared.length > 0 ? [create(place, around)] : [];
  const made = prepared.map(({ id }) => id);
  const turn = around.early ? made : [...made, ...previous, ...ready, ...waits];
  // A service that must give its ports away at once has no time to drain.
  const slots = around.early ? undefined : around.slots;
  const leaving = makeWay(old, turn, `${container} takes its place`, { slots, definitions: around.definitions });
  const stopped = leaving.filter(({ step }) => step.kind === 'stop-replica').map(({ id }) => id);
  const before = [...previous, ...made, ...stopped, ...waits, ...cleared];
  const begin = start(place, around, before);
  const reason = old.length === 0 ? change : `replaces ${old.map((one) => one.container).join(', ')}`;
  return [...prepared, ...leaving, begin, ...prove(place, container, around, { after: [begin.id, ...ready], reason })];
}

/** Drains and stops the containers of a place. An undo starts them again and, if they served, admits them. */
export function makeWay(
  old: readonly ObservedReplica[],
  after: readonly string[],
  reason: string,
  { slots, definitions }: { readonly slots: Slots; readonly definitions: Definitions },
): PlannedStep[] {
  const steps: PlannedStep[] = [];
  let turn = after;
  for (const one of old.filter(isAlive)) {
    const { replica, container } = one;
    const drains = drain(one, { reason, after: turn, idle: isIdle(one, slots) }, { slots, definitions });
    const step = {
      kind: 'stop-replica',
      replica,
      container,
      input: stopInput(definitions),
      undo: resumeInput(definitions),
      reason,
    } as const;
    const stop: PlannedStep = { id: `stop ${container}`, after: [...turn, ...drains.map(({ id }) => id)], step };
    steps.push(...drains, stop);
    turn = [...after, stop.id];
  }
  return steps;
}
