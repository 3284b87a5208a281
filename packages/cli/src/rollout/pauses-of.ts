import type { Event } from '../model/events.ts';
import { replicaName } from '../model/service.ts';

/**
 * How long each stop-first service was without the replica that changed hands, in milliseconds: from the stop of the
 * old one until the new one was admitted, or had passed its gate where no ingress admits it. Of several places the longest.
 */
export function pausesOf(events: readonly Event[]): Record<string, number> {
  const stoppedMs = new Map<string, number>();
  const pauses = new Map<string, { service: string; ms: number }>();
  for (const event of events) {
    if (event.type === 'step-started' && !event.undo && event.step.kind === 'stop-replica')
      stoppedMs.set(replicaName(event.step.replica), event.timeMs);
    if (event.type !== 'step-done' || event.undo) continue;
    if (event.step.kind !== 'gate-replica' && event.step.kind !== 'admit-replica') continue;
    const place = replicaName(event.step.replica);
    const sinceMs = stoppedMs.get(place);
    // The admission comes after the gate, and has the last word.
    if (sinceMs !== undefined) pauses.set(place, { service: event.step.replica.service, ms: event.timeMs - sinceMs });
  }
  const longest: Record<string, number> = {};
  for (const { service, ms } of pauses.values()) longest[service] = Math.max(longest[service] ?? 0, ms);
  return longest;
}
