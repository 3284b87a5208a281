import { describe, expect, it } from 'vitest';
import { hostIpsOverlap, isEveryHostIp } from '../../src/model/host-ip.ts';

describe('hostIpsOverlap', () => {
  it.each([
    ['', '', true],
    ['', '127.0.0.1', true],
    ['', '::1', true],
    ['', '::', true],
    ['', '0.0.0.0', true],
    [undefined, '::', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['::', '::1', true],
    ['0:0:0:0:0:0:0:0', '::1', true],
    ['fd00:0:0::1', 'fd00::1', true],
    ['::ffff:127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['::1', 'fd00::1', false],
    // The engine binds each of the two to its own protocol: it publishes one port on both without a complaint.
    ['0.0.0.0', '::', false],
    ['0.0.0.0', '::1', false],
    ['127.0.0.1', '::', false],
  ])('%j and %j: %s', (one, other, expected) => {
    expect(hostIpsOverlap(one, other)).toBe(expected);
    expect(hostIpsOverlap(other, one)).toBe(expected);
  });
});

it.each([
  ['', true],
  ['0.0.0.0', true],
  ['::', true],
  ['0:0:0:0:0:0:0:0', true],
  ['127.0.0.1', false],
  ['::1', false],
])('isEveryHostIp(%j): %s', (hostIp, expected) => {
  expect(isEveryHostIp(hostIp)).toBe(expected);
});
