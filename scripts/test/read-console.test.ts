import { expect, it } from 'vitest';
import { readConsole } from '../read-console.ts';

it('reads commands with their output, and leaves out blocks that set things up', () => {
  const readme = [
    '```console',
    '$ npm start',
    '$ curl http://localhost/',
    '```',
    'Then:',
    '```console',
    '$ echo a',
    'a',
    '$ printf "b\\n" \\',
    '  | cat',
    'b',
    '',
    'c',
    '$ true',
    '```',
    '```json',
    '$ no',
    '```',
    '',
  ].join('\n');
  expect(readConsole(readme)).toEqual([
    { command: 'echo a', output: 'a' },
    { command: 'printf "b\\n" \\\n  | cat', output: 'b\n\nc' },
    { command: 'true', output: '' },
  ]);
});
