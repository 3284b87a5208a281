import { describe, expect, it } from 'vitest';
import { countedByAlpn } from '../../src/ingress/first-bytes.ts';
import { noteSpoken } from '../../src/ingress/note-spoken.ts';
import { parseProxyStats } from '../../src/ingress/proxy-stats.ts';
import { readSpoken } from '../../src/ingress/read-counters.ts';
import type { IngressPort } from '../../src/model/ingress.ts';

const noted = (port: IngressPort, http: number, bytes: number, answered: boolean) =>
  noteSpoken([port], new Map([[port.port, { http, bytes, tls: 0, answered }]]))[0];

it('knows that a replica listens on a port once one has answered there', () => {
  const port: IngressPort = { port: 3000, mode: 'auto', unseen: true };
  expect(noted(port, 5, 0, true)).toEqual({ port: 3000, mode: 'auto', seen: 'http' });
  expect(noted(port, 0, 5, true)).toEqual({ port: 3000, mode: 'auto', seen: 'tcp' });
  expect(noted({ port: 3000, mode: 'http', unseen: true }, 5, 0, true)).toEqual({ port: 3000, mode: 'http' });
});

it('does not know it by requests that nobody answered', () => {
  const port: IngressPort = { port: 3000, mode: 'auto', unseen: true };
  expect(noted(port, 5, 0, false)).toEqual({ port: 3000, mode: 'auto', unseen: true, seen: 'http' });
  expect(noteSpoken([port], new Map())).toEqual([port]);
});

describe('what connections to a port were', () => {
  const stats = (http: number, bytes: number): string =>
    [
      '# pxname,svname,stot,mode,type,req_tot',
      `front-80,FRONTEND,${http + bytes},tcp,0,${http}`,
      `port-80,BACKEND,${http},http,1,`,
      `port-80-tcp,BACKEND,${bytes},tcp,1,`,
      'alpn-80,BACKEND,0,tcp,1,',
      '',
    ].join('\n');
  const port: IngressPort = { port: 80, mode: 'auto' };

  it.each<[string, number, number, number, IngressPort['seen']]>([
    ['none', 0, 0, 0, undefined],
    ['HTTP', 5, 0, 0, 'http'],
    ['HTTP, and some that only looked', 5, 3, 0, 'http'],
    ['bytes', 0, 3, 0, 'tcp'],
    ['bytes, and a stray request', 1, 3, 0, 'tcp'],
    ['HTTP by TLS', 0, 3, 3, 'https'],
    ['HTTP by TLS, and some that only looked', 1, 5, 3, 'https'],
    ['HTTP with and without TLS', 5, 3, 3, 'http'],
    ['bytes by TLS', 0, 5, 1, 'tcp'],
  ])('%s', (_what, http, bytes, tls, seen) => {
    const spoken = readSpoken(parseProxyStats(stats(http, bytes)), new Map([[80, tls]]));
    expect(noteSpoken([port], spoken)[0]?.seen).toBe(seen);
  });

  it('forget what came before where something came since', () => {
    const spoken = readSpoken(parseProxyStats(stats(0, 3)), new Map([[80, 3]]));
    expect(noteSpoken([{ ...port, seen: 'tcp' }], spoken)[0]?.seen).toBe('https');
    expect(noteSpoken([{ ...port, seen: 'tcp' }], new Map())[0]?.seen).toBe('tcp');
  });
});

it('counts the connections by TLS that ask for HTTP', () => {
  const table = '# table: alpn-80, type: integer, size:1, used:1\n';
  expect(countedByAlpn(`${table}0x7f: key=1 use=0 exp=0 shard=0 conn_cnt=12\n`)).toBe(12);
  expect(countedByAlpn(table)).toBe(0);
  expect(countedByAlpn('No such table\n')).toBe(0);
});
