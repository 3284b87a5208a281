import { expect, test } from 'vitest';
import { LobbieError } from '../../src/model/errors.ts';
import { errorLines, toldError } from '../../src/report/error-lines.ts';
import { plainStyle } from './fixtures.ts';

const error = new LobbieError(
  'GATE_FAILED',
  'Replica api-2 was not healthy after 30 s (connection refused on port 3000).',
  {
    details: ['check  curl -f http://127.0.0.1:3000/health', '', 'two\nlines \u001b[31mred\u001b[0m'],
    hint: 'It listens on port 8080: set PORT.\nRun `lobbie logs api-2`.',
  },
);

test('shows what failed, the facts behind a bar, and what to do next', () => {
  expect(`\n${errorLines(toldError(error, undefined), plainStyle()).join('\n')}\n`).toBe(`
✗ Replica api-2 was not healthy after 30 s (connection refused on port 3000).
  │ check  curl -f http://127.0.0.1:3000/health
  │
  │ two
  │ lines red
  → It listens on port 8080: set PORT.
    Run \`lobbie logs api-2\`.
`);
});

test('wraps between words and keeps its margins in a narrow terminal without Unicode', () => {
  expect(`\n${errorLines(toldError(error, undefined), plainStyle(40, false)).join('\n')}\n`).toBe(`
x Replica api-2 was not healthy after 30
  s (connection refused on port 3000).
  | check  curl -f
  | http://127.0.0.1:3000/health
  |
  | two
  | lines red
  -> It listens on port 8080: set PORT.
     Run \`lobbie logs api-2\`.
`);
});

test('shows an unexpected error with its stack and where to report it', () => {
  const bug = new RangeError('out of it');
  bug.stack = 'RangeError: out of it\n    at deploy (deploy.ts:1:2)\n    at main (bin.ts:3:4)';
  const expected = `
✗ lobbie itself failed: RangeError: out of it
  │ at deploy (deploy.ts:1:2)
  │ at main (bin.ts:3:4)
  → This is a bug in lobbie. Please report it with these lines at https://example.org/bugs.
`;
  const shown = (thrown: unknown) =>
    `\n${errorLines(toldError(thrown, 'https://example.org/bugs'), plainStyle()).join('\n')}\n`;
  expect(shown(bug)).toBe(expected);
  expect(shown(new LobbieError('BUG', 'RangeError: out of it', { cause: bug }))).toBe(expected);
});

test('shows what was thrown though it is no error', () => {
  expect(errorLines(toldError('boo', undefined), plainStyle())).toEqual([
    '✗ lobbie itself failed: boo',
    '  → This is a bug in lobbie.',
  ]);
});
