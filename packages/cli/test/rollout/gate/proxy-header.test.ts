import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { proxyHeader } from '../../../src/rollout/gate/proxy-header.ts';

const ends = { localAddress: '172.20.0.1', localPort: 40_000, remoteAddress: '172.20.0.9', remotePort: 25 };
const socket = (change: object = {}) => Object.assign(new PassThrough(), { ...ends, ...change });

it('names both ends of a connection', () => {
  expect(proxyHeader('v1', socket()).toString()).toBe('PROXY TCP4 172.20.0.1 172.20.0.9 40000 25\r\n');
  expect(proxyHeader('v2', socket()).toString('hex')).toBe(
    // Signature; version 2, PROXY; TCP over IPv4; 12 bytes; the addresses; the ports.
    ['0d0a0d0a000d0a515549540a', '21', '11', '000c', 'ac140001', 'ac140009', '9c40', '0019'].join(''),
  );
});

it.each([
  ['through another container', new PassThrough()],
  ['that is over', socket({ remoteAddress: undefined })],
  ['over IPv6', socket({ localAddress: 'fd00::1', remoteAddress: 'fd00::9' })],
])('names nobody on a connection %s', (_, stream) => {
  expect(proxyHeader('v1', stream).toString()).toBe('PROXY UNKNOWN\r\n');
  expect(proxyHeader('v2', stream).toString('hex')).toBe('0d0a0d0a000d0a515549540a20000000');
});
