import { expect, it } from 'vitest';
import { rowsOf } from '../../bench/row.ts';
import { LOBBIE } from '../../bench/scenario.ts';
import { markdownTable, textTable } from '../../bench/table.ts';
import { testMetric, testScenario } from './test-scenario.ts';

it('shows one line for each rival and limit', () => {
  const bars = [
    { against: 'floor', limit: 1.5 },
    { against: LOBBIE, limit: 3000 },
  ];
  const rows = rowsOf(
    testScenario({ metrics: [testMetric({ bars })] }),
    10,
    new Map([
      [LOBBIE, [{ time: 2000 }, { time: 2400 }]],
      ['floor', [{ time: 1000 }, { time: 1000.4 }]],
      ['compose', [{ time: 4400 }]],
    ]),
  );
  expect(textTable(rows).split('\n')).toEqual([
    'what                       lobbie                  rival                            ratio   bar',
    'first deploy, 10 replicas  2,200 (2,100–2,300) ms  floor    1,000 (1,000–1,000) ms  2.20 ×  ≤ 1.5 ×     missed',
    '                                                   compose  4,400 (4,400–4,400) ms  0.50 ×',
    '                                                   limit                                    ≤ 3,000 ms  reached',
  ]);
});

it('writes small sizes and numbers as people do', () => {
  const rows = (size: number, time: number) =>
    textTable(
      rowsOf(
        testScenario(),
        size,
        new Map([
          [LOBBIE, [{ time }]],
          ['floor', [{ time: 1 }]],
        ]),
      ),
    );
  expect(rows(1, 0.012345)).toContain('first deploy, 1 replica  0.0123 (');
  expect(rows(1_000_000, 12.345)).toContain('first deploy, 1,000,000 replicas  12.3 (');
  expect(rows(2, 99_999.4)).toContain('99,999 (');
});

it('makes a table in Markdown', () => {
  expect(markdownTable(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});
