import { expect, it } from 'vitest';
import { isAlive } from '../../src/model/is-alive.ts';

it.each([
  ['created', false],
  ['running', true],
  ['paused', true],
  ['restarting', true],
  ['removing', false],
  ['exited', false],
  ['dead', false],
] as const)('a container that is %s is alive: %s', (state, expected) => {
  expect(isAlive({ state })).toBe(expected);
});
