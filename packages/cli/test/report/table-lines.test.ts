import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { tableLines } from '../../src/report/table-lines.ts';
import { plainStyle } from './fixtures.ts';

interface Row {
  readonly name: string;
  readonly file: string;
}
const columns = [
  { title: 'name', rank: 2, cell: ({ name }: Row) => name },
  { title: 'file', rank: 1, min: 6, cell: ({ file }: Row) => file },
];

test('aligns names by the columns they take, not by their characters', () => {
  const rows = [
    { name: '日本語', file: 'a' },
    { name: 'é👍', file: 'b' },
  ];
  expect(tableLines(columns, rows, plainStyle())).toEqual(['  name    file', '  日本語  a', '  é👍     b']);
});

test('never exceeds the width while its most important column has room', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => stringWidth(text) > 0);
  fc.assert(
    fc.property(
      fc.array(fc.record({ name: word, file: word }), { minLength: 1 }),
      fc.integer({ min: 8, max: 100 }),
      (rows, width) => {
        for (const line of tableLines(columns, rows, plainStyle(width))) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        }
      },
    ),
  );
});

test('takes more rows than a function takes arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, at) => ({ name: `n${at}`, file: 'f' }));
  const lines = tableLines(columns, rows, plainStyle(80));
  expect(lines).toHaveLength(rows.length + 1);
  expect(lines.at(-1)).toBe('  n199999  f');
});
