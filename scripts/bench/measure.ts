import type { Bench } from './bench.ts';
import { type Row, rowsOf } from './row.ts';
import { type Contestant, type Figures, LOBBIE, type Scenario } from './scenario.ts';

/** Runs one scenario at one size. Gives no rows if all its rivals are missing. */
export async function measure<Prepared>(
  bench: Bench,
  scenario: Scenario<Prepared>,
  prepared: Prepared,
  { size, rounds }: { readonly size: number; readonly rounds: number },
): Promise<Row[]> {
  const contestants = scenario.contestants(bench, prepared, size);
  const measured = new Map<string, Figures[]>(contestants.map(({ name }) => [name, []]));
  if (!measured.has(LOBBIE) || measured.size < 2) {
    bench.leaveOut(scenario.title, 'all its rivals are missing');
    return [];
  }
  const warmUps = scenario.warmUps ?? 0;
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const figures = await (scenario.together ? allAtOnce : oneByOne)(bench, inTurn(contestants, round));
    if (round >= warmUps) for (const [name, one] of figures) measured.get(name)?.push(one);
  }
  return rowsOf(scenario, size, measured);
}

type Named = readonly (readonly [name: string, figures: Figures])[];

async function oneByOne({ signal }: Bench, contestants: readonly Contestant[]): Promise<Named> {
  const all: [string, Figures][] = [];
  for (const contestant of contestants) {
    signal.throwIfAborted();
    await contestant.before?.();
    signal.throwIfAborted();
    all.push([contestant.name, await contestant.measure()]);
  }
  return all;
}

async function allAtOnce({ signal }: Bench, contestants: readonly Contestant[]): Promise<Named> {
  signal.throwIfAborted();
  for (const contestant of contestants) await contestant.before?.();
  return Promise.all(contestants.map(async (one) => [one.name, await one.measure()] as const));
}

/** Each round begins with another contestant, so that none always profits from the one before it. */
export const inTurn = <Item>(items: readonly Item[], round: number): Item[] => {
  const start = round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
};
