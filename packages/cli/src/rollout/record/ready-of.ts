import type { Event } from '../../model/events.ts';
import { replicaName } from '../../model/service.ts';

/**
 * The longest time that a replica of each service took from its start until it passed its gate, in milliseconds. It
 * predicts the length of a pause that was never measured.
 */
export function readyOf(events: readonly Event[]): Record<string, number> {
  const startedMs = new Map<string, number>();
  const longest: Record<string, number> = {};
  for (const event of events) {
    if ((event.type !== 'step-started' && event.type !== 'step-done') || event.undo) continue;
    const { step, timeMs } = event;
    if (event.type === 'step-started' && step.kind === 'start-replica')
      startedMs.set(replicaName(step.replica), timeMs);
    if (event.type !== 'step-done' || step.kind !== 'gate-replica') continue;
    const sinceMs = startedMs.get(replicaName(step.replica));
    const { service } = step.replica;
    if (sinceMs !== undefined) longest[service] = Math.max(longest[service] ?? 0, timeMs - sinceMs);
  }
  return longest;
}
