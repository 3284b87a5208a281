import { describe, expect, it } from 'vitest';
import { spokenIn } from '../../src/ingress/ask-spoken.ts';
import { countedByAlpn } from '../../src/ingress/first-bytes.ts';

const stats = (http: number, bytes: number): string =>
  [
    '# pxname,svname,stot,mode,type,req_tot',
    `front-80,FRONTEND,${http + bytes},tcp,0,${http}`,
    `port-80,BACKEND,${http},http,1,`,
    `port-80-tcp,BACKEND,${bytes},tcp,1,`,
    'alpn-80,BACKEND,0,tcp,1,',
    '',
  ].join('\n');

describe('what connections to a port were', () => {
  it.each<[string, number, number, number, string | undefined]>([
    ['none', 0, 0, 0, undefined],
    ['HTTP', 5, 0, 0, 'http'],
    ['HTTP, and some that only looked', 5, 3, 0, 'http'],
    ['bytes', 0, 3, 0, 'tcp'],
    ['bytes, and a stray request', 1, 3, 0, 'tcp'],
    ['HTTP by TLS', 0, 3, 3, 'http'],
    ['HTTP by TLS, and some that only looked', 1, 5, 3, 'http'],
    ['bytes by TLS', 0, 5, 1, 'tcp'],
  ])('%s', (_what, http, bytes, tls, seen) => {
    expect(spokenIn(stats(http, bytes), new Map([[80, tls]])).get(80)).toBe(seen);
  });
});

it('counts the connections by TLS that ask for HTTP', () => {
  expect(
    countedByAlpn('# table: alpn-80, type: integer, size:1, used:1\n0x7f: key=1 use=0 exp=0 shard=0 conn_cnt=12\n'),
  ).toBe(12);
  expect(countedByAlpn('# table: alpn-80, type: integer, size:1, used:0\n')).toBe(0);
  expect(countedByAlpn('No such table\n')).toBe(0);
});
