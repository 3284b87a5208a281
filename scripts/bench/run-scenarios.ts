import type { Bench } from './bench.ts';
import { measure } from './measure.ts';
import type { Row } from './row.ts';
import type { Scenario } from './scenario.ts';

export interface RunOptions {
  /** `--short`: the short sizes, few rounds. `--all`: the large sizes too. */
  readonly mode: 'short' | 'normal' | 'all';
  /** Rounds of every scenario, instead of its own number. */
  readonly rounds?: number;
  readonly tell: (words: string) => void;
  /** Called as soon as there are rows. */
  readonly found: (rows: readonly Row[]) => void;
}

const SHORT_ROUNDS = 2;

/**
 * Runs scenarios one after another. Those with the same stage and size share it. A scenario that fails does not end the
 * run: its error is printed and counted.
 */
export async function runScenarios(
  bench: Bench,
  scenarios: readonly Scenario[],
  { mode, rounds, tell, found }: RunOptions,
): Promise<{ readonly failed: number }> {
  let failed = 0;
  const attempt = async (what: string, act: () => Promise<void>): Promise<void> => {
    const started = performance.now();
    try {
      await act();
      tell(`${what}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    } catch (error) {
      bench.signal.throwIfAborted();
      failed += 1;
      tell(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const { size, together } of performances(scenarios, mode)) {
    const [first] = together;
    if (first === undefined) continue;
    const at = `${first.stage.name}${first.sizeOf === '' ? '' : `, ${size} ${first.sizeOf}`}`;
    await attempt(`prepared and measured: ${at}`, async () => {
      const prepared = await first.stage.prepare(bench, size);
      for (const scenario of together) {
        const many = rounds ?? (mode === 'short' ? Math.min(SHORT_ROUNDS, scenario.rounds) : scenario.rounds);
        await attempt(`  ${scenario.title}`, async () => {
          found(await measure(bench, scenario, prepared, { size, rounds: many }));
        });
      }
    });
    await attempt('  cleaned', () => bench.clean());
  }
  return { failed };
}

/** What is prepared one after another: a stage with a size, and the scenarios on it. */
export function performances(
  scenarios: readonly Scenario[],
  mode: RunOptions['mode'],
): { readonly size: number; readonly together: readonly Scenario[] }[] {
  const stages = [...new Set(scenarios.map(({ stage }) => stage))];
  return stages.flatMap((stage) => {
    const on = scenarios.filter((scenario) => scenario.stage === stage);
    const sizes = [...new Set(on.flatMap((scenario) => sizesOf(scenario, mode)))].toSorted((a, b) => a - b);
    return sizes.map((size) => ({ size, together: on.filter((one) => sizesOf(one, mode).includes(size)) }));
  });
}

const sizesOf = ({ sizes, largeSizes = [], shortSizes = [] }: Scenario, mode: RunOptions['mode']): readonly number[] =>
  mode === 'short' ? shortSizes : mode === 'all' ? [...sizes, ...largeSizes] : sizes;
