import type { Event } from '../../model/events.ts';
import { hasIngress, replicaName } from '../../model/service.ts';
import type { CommitInput } from '../../model/step.ts';
import { hasHealthcheck } from '../../plan/monitoring-of.ts';

/**
 * How long each stop-first service was without the replica that was replaced, in milliseconds: from the stop of the old
 * one, or from its drain if it is the only one, until the new one was admitted, passed its healthcheck if no ingress
 * admits it, or started if nothing more is known. An undo has a pause until the old one serves again, and a second one
 * if the new one had served meanwhile. Of all these, the longest.
 */
export function pausesOf(
  events: readonly Event[],
  { project, traits }: Pick<CommitInput, 'project' | 'traits'>,
): Record<string, number> {
  const started = project.services.filter((one) => !hasIngress(one) && !hasHealthcheck(one, traits[one.name]));
  const endsWith = (service: string): ReadonlySet<string> =>
    started.some(({ name }) => name === service) ? START : PROOF;
  const single = new Set(project.services.filter(({ replicas }) => replicas === 1).map(({ name }) => name));
  const drainedMs = new Map<string, number>();
  const stoppedMs = new Map<string, number>();
  /** Since when places that already had a new replica were without one again. */
  const again = new Map<string, number>();
  const pauses = new Map<string, { service: string; ms: number }>();
  const stopFirst = new Set(
    project.services.filter((one) => one.update.order !== 'start-first').map(({ name }) => name),
  );
  for (const event of events) {
    if (event.type === 'step-started' && event.undo && 'replica' in event.step && RETIRE.has(event.step.kind)) {
      const place = replicaName(event.step.replica);
      if (pauses.has(place) && !again.has(place)) again.set(place, event.timeMs);
    }
    if (event.type === 'step-started' && !event.undo && 'replica' in event.step) {
      const { kind, replica } = event.step;
      const old = replicaName(replica);
      // New requests wait from now on.
      if (kind === 'drain-replica' && single.has(replica.service)) drainedMs.set(old, event.timeMs);
      if (kind === 'stop-replica') stoppedMs.set(old, drainedMs.get(old) ?? event.timeMs);
    }
    if (event.type !== 'step-done' || !('replica' in event.step)) continue;
    if (event.undo) {
      const { kind, replica } = event.step;
      const place = replicaName(replica);
      const sinceMs = again.get(place) ?? stoppedMs.get(place);
      if (sinceMs === undefined || !BACK.has(kind) || !stopFirst.has(replica.service)) continue;
      const first = again.has(place) ? (pauses.get(place)?.ms ?? 0) : 0;
      pauses.set(place, { service: replica.service, ms: Math.max(first, event.timeMs - sinceMs) });
      continue;
    }
    if (!endsWith(event.step.replica.service).has(event.step.kind)) continue;
    const place = replicaName(event.step.replica);
    const sinceMs = stoppedMs.get(place);
    // The admission comes after the gate and counts.
    if (sinceMs !== undefined) pauses.set(place, { service: event.step.replica.service, ms: event.timeMs - sinceMs });
  }
  const longest: Record<string, number> = {};
  for (const { service, ms } of pauses.values()) longest[service] = Math.max(longest[service] ?? 0, ms);
  return longest;
}

const START: ReadonlySet<string> = new Set(['start-replica']);
const PROOF: ReadonlySet<string> = new Set(['gate-replica', 'admit-replica']);
/** Steps that undo a new replica, and those after which the old one serves again. */
const RETIRE: ReadonlySet<string> = new Set(['drain-replica', 'retire-replica']);
const BACK: ReadonlySet<string> = new Set(['resume-replica', 'admit-replica']);
