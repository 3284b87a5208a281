import { expect, it } from 'vitest';
import { circlesOf, clockUsers, type SourceFile, usersOf } from './read-sources.ts';

const file = (path: string, code: string, loads: string[] = []): SourceFile => ({
  path,
  floor: '',
  text: code,
  code,
  imports: loads,
  loads,
});

it.each([
  'const timer = setTimeout(done, 5);',
  'const timer = setInterval(done, 5);',
  'const started = performance.now();',
  'const now = Date.now;',
  'const now = new Date();',
  'fetch(url, { signal: AbortSignal.timeout(5) });',
  "import { setTimeout as sleep } from 'node:timers/promises';",
  "import { setImmediate, setTimeout } from 'node:timers/promises';",
])('finds a timer or a clock in %s', (code) => {
  expect(clockUsers([file('a.ts', code)])).toEqual(['a.ts']);
});

it.each([
  'const date = new Date(clock.now());',
  'socket.setTimeout(5);',
  'await clock.sleep(5);',
  "import { setImmediate as nextTurn } from 'node:timers/promises';",
])('finds neither in %s', (code) => {
  expect(clockUsers([file('a.ts', code)])).toEqual([]);
});

it('finds the users of a global, not those of a property of that name', () => {
  expect(usersOf([file('a.ts', ';process.exit()'), file('b.ts', 'worker.process.exit()')], 'process.')).toEqual([
    'a.ts',
  ]);
});

it('finds circles', () => {
  const files = [file('a.ts', '', ['./b.ts']), file('b.ts', '', ['./c.ts']), file('c.ts', '', ['./b.ts'])];
  expect(circlesOf(files)).toEqual(['b.ts → c.ts → b.ts']);
});
