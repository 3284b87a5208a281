import type { PlannedStep } from '../model/plan.ts';
import type { ToldStep } from '../model/step.ts';

/** A step of a plan in the order of its lines. */
export interface NumberedStep {
  readonly step: ToldStep;
  /** Numbers of the steps that it waits for itself: those that one of them waits for already are left out. */
  readonly waits: readonly number[];
}

/** The steps of a plan, each after those that it waits for. The number of a step is its place in the list, from 1. */
export function numberedSteps(steps: readonly PlannedStep<ToldStep>[]): NumberedStep[] {
  const levels = stepLevels(steps);
  const ordered = steps.toSorted((a, b) => (levels.get(a.id) ?? 0) - (levels.get(b.id) ?? 0));
  const numbers = new Map(ordered.map(({ id }, at) => [id, at + 1]));
  const before = stepsBefore(ordered);
  return ordered.map(({ step, after }) => {
    const awaited = [...new Set(after)].filter((id) => numbers.has(id));
    const direct = awaited.filter((id) => !awaited.some((other) => other !== id && before.get(other)?.has(id)));
    return { step, waits: direct.map((id) => numbers.get(id) ?? 0).toSorted((a, b) => a - b) };
  });
}

/** `after 3`, `after 3, 5-8`; empty for a step that waits for nothing. */
export const waitWords = (waits: readonly number[]): string =>
  waits.length === 0 ? '' : `after ${rangesOf(waits).map(rangeText).join(', ')}`;

type Range = readonly [first: number, last: number];

function rangesOf(numbers: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const number of numbers) {
    const [first, last] = ranges.at(-1) ?? [];
    if (first !== undefined && last === number - 1) ranges.splice(-1, 1, [first, number]);
    else ranges.push([number, number]);
  }
  return ranges;
}

const rangeText = ([first, last]: Range): string =>
  first === last ? `${first}` : last === first + 1 ? `${first}, ${last}` : `${first}-${last}`;

/** By step: everything that is done before it. The steps come in the order of their levels. */
function stepsBefore(ordered: readonly PlannedStep<ToldStep>[]): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const { id, after } of ordered)
    before.set(id, new Set(after.flatMap((one) => [one, ...(before.get(one) ?? [])])));
  return before;
}

/** Level by step id: 0 for a step that waits for nothing, else one more than the highest level it waits for. */
function stepLevels(steps: readonly PlannedStep<ToldStep>[]): ReadonlyMap<string, number> {
  const byId = new Map(steps.map((planned) => [planned.id, planned]));
  const levels = new Map<string, number>();
  const levelOf = (id: string): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    const planned = byId.get(id);
    if (planned === undefined) return -1;
    // Set before the descent, so that a circle among the steps ends here instead of never.
    levels.set(id, 0);
    const level = 1 + Math.max(-1, ...planned.after.map(levelOf));
    levels.set(id, level);
    return level;
  };
  for (const { id } of steps) levelOf(id);
  return levels;
}
