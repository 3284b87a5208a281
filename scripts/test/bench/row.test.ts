import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../bench/row.ts';
import { type Bar, LOBBIE, type Metric } from '../../bench/scenario.ts';
import { testMetric, testScenario } from './test-scenario.ts';

const withBars = (bars: readonly Bar[], change: Partial<Metric> = {}) =>
  testScenario({ metrics: [testMetric({ bars, ...change })] });
const measured = (lobbie: number[], floor: number[]) =>
  new Map([
    [LOBBIE, lobbie.map((time) => ({ time }))],
    ['floor', floor.map((time) => ({ time }))],
  ]);

describe('a row', () => {
  it('compares the medians of the same run', () => {
    const [row] = rowsOf(withBars([]), 3, measured([30, 10, 20], [10, 10, 40]));
    expect(row).toMatchObject({ size: 3, lobbie: { median: 20 }, rivals: [{ name: 'floor', ratio: 2 }] });
    expect(row?.rivals[0]).not.toHaveProperty('verdict');
  });

  it.each([
    { better: 'less', lobbie: 15, reached: true },
    { better: 'less', lobbie: 16, reached: false },
    { better: 'more', lobbie: 15, reached: true },
    { better: 'more', lobbie: 14, reached: false },
  ] as const)(
    'reaches a bar of 1.5 × 10 with $lobbie if $better is better: $reached',
    ({ better, lobbie, reached }) => {
      const [row] = rowsOf(withBars([{ against: 'floor', limit: 1.5 }], { better }), 1, measured([lobbie], [10]));
      expect(row?.rivals[0]?.verdict).toEqual({ bar: 1.5, reached });
    },
  );

  it('has the bars of its own size only', () => {
    const bars = [
      { against: 'floor', limit: 1.5, sizes: [1] },
      { against: 'floor', limit: 1.2, sizes: [30] },
    ];
    const at = (size: number) => rowsOf(withBars(bars), size, measured([10], [10]))[0]?.rivals[0]?.verdict?.bar;
    expect([1, 10, 30].map(at)).toEqual([1.5, undefined, 1.2]);
  });

  it('has a limit in its own unit, also where the rival has nothing to divide by', () => {
    const [row] = rowsOf(withBars([{ against: LOBBIE, limit: 0 }]), 1, measured([2], [0]));
    expect(row?.limit).toEqual({ bar: 0, reached: false });
    expect(row?.rivals[0]?.ratio).toBeNull();
  });

  it('is never given without a rival, or without lobbie', () => {
    const scenario = withBars([]);
    expect(rowsOf(scenario, 1, new Map([[LOBBIE, [{ time: 1 }]]]))).toEqual([]);
    expect(rowsOf(scenario, 1, new Map([['floor', [{ time: 1 }]]]))).toEqual([]);
    expect(
      rowsOf(
        scenario,
        1,
        new Map([
          [LOBBIE, [{ time: 1 }]],
          ['floor', [{ memory: 1 }]],
        ]),
      ),
    ).toEqual([]);
  });

  it('leaves out rivals that lack its metric', () => {
    const scenario = testScenario({ metrics: [testMetric({}), testMetric({ key: 'lost', label: 'lost' })] });
    const rows = rowsOf(
      scenario,
      1,
      new Map([
        [LOBBIE, [{ time: 2, lost: 0 }]],
        ['floor', [{ time: 1 }]],
        ['before', [{ lost: 0 }]],
      ]),
    );
    expect(rows.map(({ metric, rivals }) => [metric, rivals.map(({ name }) => name)])).toEqual([
      ['time', ['floor']],
      ['lost', ['before']],
    ]);
  });
});
