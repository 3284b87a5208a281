import { expect, it } from 'vitest';
import { lastLines } from '../../src/model/last-lines.ts';

it.each([
  ['one\ntwo\nthree\n', ['two', 'three']],
  ['one', ['one']],
  ['one\r\ntwo\r\n', ['one', 'two']],
  ['  one  \n\n \n', ['  one']],
  ['10 %\r20 %\r30 %\ndone\n', ['30 %', 'done']],
  ['', []],
  [' \n\r\n', []],
])('of %j are %j', (output, expected) => {
  expect(lastLines(output, 2)).toEqual(expected);
});
