import { expect, it } from 'vitest';
import { isWithin } from '../../src/model/host-path.ts';

it.each([
  ['/srv/shop/data', '/srv/shop', true],
  ['/srv/shop', '/srv/shop', false],
  ['/srv/shopping', '/srv/shop', false],
  ['C:\\shop\\data', 'C:\\shop', true],
  ['C:\\shop/data', 'C:\\shop', true],
  ['C:\\shopping', 'C:\\shop', false],
  ['D:\\shop\\data', 'C:\\shop', false],
])('%s is within %s: %s', (path, directory, expected) => {
  expect(isWithin(path, directory)).toBe(expected);
});
