import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const HERE = new URL('.', import.meta.url);
const page = readFileSync(new URL('../../../docs/security.md', HERE), 'utf8');

/** Rows of the tables whose last column names a test. */
const rows = page
  .split(/^(?=## )/m)
  .filter((section) => section.includes('| test |'))
  .flatMap((section) => section.split('\n').filter((line) => line.startsWith('| ')))
  .filter((line) => !/^\| (---|what cannot happen) /.test(line));

it('names for each line of the security page tests that are there', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const last = row.split(' | ').at(-1) ?? '';
    expect(last, row).toMatch(/^`[\w/.-]+\.test\.ts`(?:, `[\w/.-]+\.test\.ts`)* \|$/);
    for (const [, test = ''] of last.matchAll(/`([^`]+)`/g)) expect(existsSync(new URL(test, HERE)), row).toBe(true);
  }
});
