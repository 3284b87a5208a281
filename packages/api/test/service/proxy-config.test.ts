import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/service/parse-config.ts';
import { absoluteUrl, proxyShape } from '../../src/service/proxy-config.ts';
import { testService } from './test-service.ts';

async function urlOf(env: Record<string, string>, headers: Record<string, string>): Promise<string> {
  const { TRUST_PROXY, BASE_URL } = parseConfig(proxyShape, env);
  const { app } = await testService(
    (routes) => void routes.get('/', (request) => ({ url: absoluteUrl(request, '/a%20b', BASE_URL) })),
    {},
    { trustProxy: TRUST_PROXY },
  );
  return (await app.inject({ url: '/', headers })).json().url;
}

const forwarded = { host: 'inner:3000', 'x-forwarded-host': 'files.example', 'x-forwarded-proto': 'https' };

describe('absoluteUrl', () => {
  it('is what the client has asked for', async () => {
    expect(await urlOf({}, { host: 'files.example:8000' })).toBe('http://files.example:8000/a%20b');
    expect(await urlOf({}, { host: '[::1]:8000' })).toBe('http://[::1]:8000/a%20b');
  });

  it('believes a proxy that is trusted, and no other', async () => {
    expect(await urlOf({ TRUST_PROXY: 'loopback' }, forwarded)).toBe('https://files.example/a%20b');
    expect(await urlOf({ TRUST_PROXY: '10.0.0.0/8, 127.0.0.1' }, forwarded)).toBe('https://files.example/a%20b');
    expect(await urlOf({ TRUST_PROXY: '10.0.0.0/8' }, forwarded)).toBe('http://inner:3000/a%20b');
    expect(await urlOf({}, forwarded)).toBe('http://inner:3000/a%20b');
  });

  it('is what is configured, whatever a request says', async () => {
    expect(await urlOf({ BASE_URL: 'https://files.example.org/', TRUST_PROXY: 'loopback' }, forwarded)).toBe(
      'https://files.example.org/a%20b',
    );
  });

  it.each(['', 'a b', 'evil"onclick', 'x/../y', 'user@host', 'a:999999'])(
    'takes the own address where the host is %j',
    async (host) => {
      expect(await urlOf({}, { host })).toMatch(/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\/a%20b$/);
    },
  );
});

describe('proxyShape', () => {
  it.each(['10.0.0.0/33', 'proxy', '10.0.0.1 10.0.0.2', '::1/129', '10.0.0.0/8/8', '*'])(
    'refuses to trust %j',
    (text) => {
      expect(() => parseConfig(proxyShape, { TRUST_PROXY: text })).toThrow(/^TRUST_PROXY: expected addresses/);
    },
  );

  it.each(['files.example', 'ftp://files.example', 'https://files.example/share', 'https://u:p@files.example', 'x'])(
    'refuses %j as its address',
    (text) => {
      expect(() => parseConfig(proxyShape, { BASE_URL: text })).toThrow(/^BASE_URL: expected an address/);
    },
  );
});
