import { parseConfig } from '@lobbie/api/service/parse-config';
import { describe, expect, it } from 'vitest';
import { buildMini } from '../src/build-mini.ts';
import { miniShape } from '../src/mini-config.ts';

const KEY = 'correct horse battery staple';

describe('the API', () => {
  it('greets whoever has the key', async () => {
    await using mini = await testMini();
    const answer = await mini.app.inject({ url: '/', headers: { 'x-api-key': KEY } });
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'Hello, World!',
    ]);
    expect((await mini.app.inject({ method: 'HEAD', url: '/', headers: { 'X-API-KEY': KEY } })).statusCode).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['an empty key', { 'x-api-key': '' }],
    ['another key', { 'x-api-key': 'wrong' }],
    ['the key in another case', { 'x-api-key': KEY.toUpperCase() }],
    ['a beginning of the key', { 'x-api-key': KEY.slice(0, -1) }],
    ['more than the key', { 'x-api-key': `${KEY}x` }],
    ['the key under another name', { authorization: KEY }],
    ['the key twice', { 'x-api-key': [KEY, KEY] }],
  ])('answers 401 to %s', async (_what, headers) => {
    await using mini = await testMini();
    const answer = await mini.app.inject({ url: '/', headers });
    expect([answer.statusCode, answer.headers['www-authenticate'], answer.json()]).toEqual([
      401,
      'ApiKey',
      { error: 'A valid key is required in the header X-API-KEY.' },
    ]);
  });

  it('takes a key that is not ASCII, in UTF-8 as clients send it', async () => {
    await using mini = await testMini('żółw 🐢');
    const sent = Buffer.from('żółw 🐢').toString('latin1');
    expect((await mini.app.inject({ url: '/', headers: { 'x-api-key': sent } })).statusCode).toBe(200);
    const other = Buffer.from('żółw 🐇').toString('latin1');
    expect((await mini.app.inject({ url: '/', headers: { 'x-api-key': other } })).statusCode).toBe(401);
  });

  it('tells its health to everyone, with an empty body', async () => {
    await using mini = await testMini();
    const answer = await mini.app.inject('/health');
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });

  it('refuses other methods, and knows no other path', async () => {
    await using mini = await testMini();
    const post = await mini.app.inject({ method: 'POST', url: '/', headers: { 'x-api-key': KEY }, payload: {} });
    expect([post.statusCode, post.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await mini.app.inject('/other')).statusCode).toBe(404);
  });

  it('describes the key in the OpenAPI document, and where it is needed', async () => {
    await using mini = await testMini();
    const document = (await mini.app.inject({ url: '/openapi.json', headers: { 'x-api-key': KEY } })).json();
    expect(document.components.securitySchemes).toEqual({ key: { type: 'apiKey', in: 'header', name: 'X-API-KEY' } });
    expect(document.paths['/'].get.security).toEqual([{ key: [] }]);
    const { 200: greeting, default: error } = document.paths['/'].get.responses;
    expect([Object.keys(greeting.content), Object.keys(error.content)]).toEqual([['text/plain'], ['application/json']]);
    expect(document.paths['/metrics'].get.security).toEqual([{ key: [] }]);
    for (const path of ['/health', '/ready']) expect(document.paths[path].get.security).toBeUndefined();
  });

  it.each(['/metrics', '/openapi.json'])('tells %s to those who have the key alone', async (url) => {
    await using mini = await testMini();
    for (const method of ['GET', 'HEAD'] as const) {
      const refused = await mini.app.inject({ method, url });
      expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([401, 'ApiKey']);
      expect((await mini.app.inject({ method, url, headers: { 'x-api-key': 'wrong' } })).statusCode).toBe(401);
      expect((await mini.app.inject({ method, url, headers: { 'x-api-key': KEY } })).statusCode).toBe(200);
    }
  });

  it.each([
    ['metrics', 200, 401],
    ['openapi', 401, 200],
    ['metrics, openapi', 200, 200],
  ])('tells everybody what WITHOUT_KEY names: %s', async (named, metrics, openapi) => {
    await using mini = await testMini(KEY, { WITHOUT_KEY: named });
    expect((await mini.app.inject('/metrics')).statusCode).toBe(metrics);
    expect((await mini.app.inject('/openapi.json')).statusCode).toBe(openapi);
    expect((await mini.app.inject('/')).statusCode).toBe(401);
  });

  it('is asked for its health and readiness without a key', async () => {
    await using mini = await testMini();
    expect((await mini.app.inject('/health')).statusCode).toBe(200);
    expect((await mini.app.inject('/ready')).statusCode).toBe(503);
  });

  it('never logs a key, right or wrong', async () => {
    await using mini = await testMini();
    await mini.app.inject({ url: '/', headers: { 'x-api-key': KEY } });
    await mini.app.inject({ url: `/?x-api-key=${KEY}`, headers: { 'x-api-key': 'wrong-one' } });
    expect(mini.logged()).toContain('request refused');
    expect(mini.logged()).not.toMatch(/correct horse|correct%20horse|wrong-one/);
  });
});

describe('the configuration', () => {
  it.each([undefined, ''])('refuses to start with the key %j', (key) => {
    expect(() => parseConfig(miniShape, { API_KEY: key })).toThrow('API_KEY: is missing');
  });

  it.each([' ', 'key\n', ' key', 'k\u0000y'])('refuses the key %j, which no client could send', (key) => {
    expect(() => parseConfig(miniShape, { API_KEY: key })).toThrow(
      'API_KEY: expected a key without line breaks or surrounding white space',
    );
  });

  it.each(['everything', 'metrics,/', '*'])('refuses to tell %j without the key', (named) => {
    expect(() => parseConfig(miniShape, { API_KEY: KEY, WITHOUT_KEY: named })).toThrow(
      /^WITHOUT_KEY: expected metrics, openapi, or both$/,
    );
  });

  it('listens on 5000 unless told otherwise', () => {
    expect(parseConfig(miniShape, { API_KEY: KEY }).FLASK_PORT).toBe(5000);
    expect(parseConfig(miniShape, { API_KEY: KEY, FLASK_PORT: '8000' }).FLASK_PORT).toBe(8000);
    for (const port of ['http', '0', '00', '080', '5e3', '0x50', '+80', ' 80', '80.0', '65536']) {
      expect(() => parseConfig(miniShape, { API_KEY: KEY, FLASK_PORT: port })).toThrow(
        'FLASK_PORT: expected a whole number from 1 to 65535',
      );
    }
  });
});

async function testMini(key = KEY, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const config = parseConfig(miniShape, { API_KEY: key, LOG_LEVEL: 'trace', ...env });
  const logStream = { write: (line: string) => void lines.push(line) };
  const { app } = await buildMini({ config, version: '1.0.0', logStream });
  return { app, logged: () => lines.join(''), [Symbol.asyncDispose]: () => app.close() };
}
