import type { Event } from '../../model/events.ts';
import type { Receipt } from '../../model/results.ts';
import type { StepKind } from '../../model/step.ts';

type Phase = Exclude<keyof Receipt['seconds'], 'total'>;

const PHASE: Partial<Record<StepKind, Phase>> = {
  'create-network': 'start',
  'create-volume': 'start',
  'prepare-history': 'start',
  'create-ingress': 'start',
  'start-ingress': 'start',
  'create-replica': 'start',
  'start-replica': 'start',
  'run-job': 'start',
  'gate-replica': 'gate',
  'admit-replica': 'switch',
  'drain-replica': 'switch',
  'stop-replica': 'switch',
  'stop-former': 'switch',
  'settle-ports': 'switch',
  'watch-replica': 'gate',
};

/** How long each phase had a step running. Steps at the same time count once. */
export function phaseSeconds(events: readonly Event[]): Omit<Receipt['seconds'], 'total'> {
  const spans: Record<Phase, [number, number][]> = { build: [], start: [], gate: [], switch: [] };
  for (const event of events) {
    const phase = phaseOf(event);
    if (phase === undefined || !('seconds' in event)) continue;
    spans[phase].push([event.timeMs - event.seconds * 1000, event.timeMs]);
  }
  return {
    build: covered(spans.build),
    start: covered(spans.start),
    gate: covered(spans.gate),
    switch: covered(spans.switch),
  };
}

function phaseOf(event: Event): Phase | undefined {
  if (event.type === 'image-done') return 'build';
  return event.type === 'step-done' && !event.undo ? PHASE[event.step.kind] : undefined;
}

/** Seconds covered by at least one of the spans (milliseconds, from and to). */
function covered(spans: readonly (readonly [number, number])[]): number {
  let total = 0;
  let reached = 0;
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    total += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return Math.round(total) / 1000;
}
