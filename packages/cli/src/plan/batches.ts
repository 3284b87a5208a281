import type { PlannedStep } from '../model/plan.ts';
import type { RolloutOrder, Service, UpdateConfig } from '../model/service.ts';
import type { Place } from './place.ts';

/** Orders the places of a service in batches of `parallelism`, with the `delay` between batches. */
export function inBatches(
  { name, update }: Service,
  order: RolloutOrder,
  places: readonly Place[],
  based: readonly string[],
  fill: (place: Place, previous: readonly string[]) => PlannedStep[],
): PlannedStep[] {
  const size = batchSize(update, order) || Math.max(places.length, 1);
  const steps: PlannedStep[] = [];
  let previous = based;
  for (let at = 0; at < places.length; at += size) {
    const batch = places.slice(at, at + size).flatMap((place) => fill(place, previous));
    steps.push(...batch);
    previous = [...based, ...batch.map(({ id }) => id)];
    if (update.delayMs === 0 || at + size >= places.length) continue;
    const pause: PlannedStep = {
      id: `wait ${name} ${at / size + 1}`,
      after: previous,
      step: { kind: 'wait', service: name, delayMs: update.delayMs, reason: 'the file says so' },
    };
    steps.push(pause);
    previous = [pause.id];
  }
  return steps;
}

/** How many replicas change at a time; 0 means all at once. The default depends on the order. */
export const batchSize = ({ parallelism }: UpdateConfig, order: RolloutOrder): number =>
  parallelism ?? (order === 'start-first' ? 0 : 1);
