import multipart from '@fastify/multipart';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { lookupOf } from '../../src/service/lookup.ts';
import { ServiceError } from '../../src/service/service-error.ts';
import { testService } from './test-service.ts';

const routes = (app: FastifyInstance): void => {
  const things = lookupOf<unknown>({ 1: { id: '1' } });
  app.get('/things', () => []);
  app.get<{ Params: { id: string } }>('/things/:id', ({ params }) => {
    if (!things.has(params.id)) throw new ServiceError(404, 'There is no such thing.');
    return things.get(params.id);
  });
  app.get<{ Params: { name: string } }>('/names/:name', ({ params }) => ({ bytes: Buffer.byteLength(params.name) }));
  app.post(
    '/json',
    { schema: { body: { type: 'object', properties: { n: { type: 'integer' } } } } },
    ({ body }) => body,
  );
  app.delete('/json', () => ({ success: true }));
  app.get(
    '/paged',
    { schema: { querystring: { type: 'object', properties: { n: { type: 'integer' } } } } },
    (r) => r.query,
  );
  app.get('/of/:id/all', () => []);
  app.put('/taken/:name', { config: { takesEmptyParameter: true } }, ({ params }) => params);
  app.get('/broken', () => {
    throw new Error('connect postgres://app:hunter2@db/ failed at /srv/secret');
  });
  app.get('/teapot', () => {
    throw Object.assign(new Error('/srv/secret'), { statusCode: 418 });
  });
  app.get('/full', () => {
    throw new ServiceError(507, 'There is no room left.');
  });
};

const json = { 'content-type': 'application/json' };

async function ask(request: InjectOptions, env: Record<string, string> = {}) {
  const { app } = await testService(routes, env);
  return app.inject(request);
}

/** The one error shape, whatever went wrong. */
async function expectError(request: InjectOptions, status: number, env: Record<string, string> = {}) {
  const response = await ask(request, env);
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  const body = response.json();
  expect(Object.keys(body)).toEqual(['error']);
  expect(body.error).toMatch(/^\S.*\.$/);
  return response;
}

describe('a wrong method', () => {
  it('answers 405 and names what the path allows', async () => {
    const response = await expectError({ method: 'POST', url: '/things/1' }, 405);
    expect(response.headers.allow).toBe('GET, HEAD');
  });

  it('names every method of a path that has several', async () => {
    const response = await expectError({ method: 'PUT', url: '/json?x=1' }, 405);
    expect(response.headers.allow).toBe('DELETE, POST');
  });

  it.each(['GET', 'POST', 'DELETE', 'HEAD'] as const)(
    'answers 404 to %s of a path that leaves a parameter empty',
    async (method) => {
      for (const url of ['/things/', '/things/?x=1', '/names/', '/of//all', '/of//all?x']) {
        const { statusCode, headers } = await ask({ method, url });
        expect([url, statusCode, headers.allow]).toEqual([url, 404, undefined]);
      }
    },
  );

  it('leaves such a path to a route that takes it, and only to its method', async () => {
    expect((await ask({ method: 'PUT', url: '/taken/' })).json()).toEqual({ name: '' });
    expect((await ask({ method: 'GET', url: '/taken/' })).statusCode).toBe(404);
    expect((await ask({ method: 'GET', url: '/taken/a' })).headers.allow).toBe('PUT');
  });

  it('answers 404 where no method would do', async () => {
    const response = await expectError({ method: 'POST', url: '/nowhere' }, 404);
    expect(response.headers.allow).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string]>([
    ['malformed JSON', json, '{'],
    ['too much of it', json, ' '.repeat(2_000_000)],
    ['text', { 'content-type': 'text/plain' }, 'x'],
    ['a type that is none', { 'content-type': ';;;' }, 'x'],
    ['a form without its boundary', { 'content-type': 'multipart/form-data' }, 'x'],
  ])('says so whatever the body is: %s', async (_what, headers, payload) => {
    await expectError({ method: 'POST', url: '/things', headers, payload }, 405);
    await expectError({ method: 'POST', url: '/nowhere', headers, payload }, 404);
  });

  it.each(['TRACE', 'PROPFIND', 'QUERY'])('says so to %s, of which no route is ever made', async (method) => {
    const { app } = await testService(routes);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await exchange(app, `${method} /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 405 .*\r\nallow: GET, HEAD\r\n.*is not allowed here/s);
    await app.close();
  });
});

describe('bodies', () => {
  it.each<[string, InjectOptions]>([
    ['no body and no content type', { method: 'POST', url: '/json' }],
    ['text/plain', { method: 'POST', url: '/json', headers: { 'content-type': 'text/plain' }, payload: '{}' }],
    ['a body without a content type', { method: 'POST', url: '/json', payload: Buffer.from('{}') }],
    ['JSON announced and no body', { method: 'POST', url: '/json', headers: json }],
    [
      'a form',
      {
        method: 'POST',
        url: '/json',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'a=1',
      },
    ],
  ])('refuses %s with 415 on a JSON route', async (_what, request) => {
    await expectError(request, 415);
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data', ';;;'])(
    'takes a DELETE that announces %s and carries none',
    async (type) => {
      for (const length of [{}, { 'content-length': '0' }]) {
        const response = await ask({ method: 'DELETE', url: '/json', headers: { 'content-type': type, ...length } });
        expect([response.statusCode, response.json()]).toEqual([200, { success: true }]);
      }
    },
  );

  it.each([
    ['invalid UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['a cut off character', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')])],
    ['malformed JSON', Buffer.from('{"a":')],
    ['a list where an object is wanted', Buffer.from('[]')],
    ['__proto__ as a key', Buffer.from('{"__proto__":{"n":1}}')],
  ])('refuses %s with 400', async (_what, payload) => {
    await expectError({ method: 'POST', url: '/json', headers: json, payload }, 400);
  });

  it('keeps valid UTF-8 as it is', async () => {
    const response = await ask({ method: 'POST', url: '/json', headers: json, payload: '{"a":"żółw 🐢"}' });
    expect(response.json()).toEqual({ a: 'żółw 🐢' });
  });

  it('does not turn text into numbers in a body, and does in a query', async () => {
    const response = await expectError({ method: 'POST', url: '/json', headers: json, payload: '{"n":"1"}' }, 400);
    expect(response.json()).toEqual({ error: 'n must be integer.' });
    expect((await ask({ url: '/paged?n=7' })).json()).toEqual({ n: 7 });
    await expectError({ url: '/paged?n=7&n=8' }, 400);
  });

  it('refuses a body over the configured limit with 413', async () => {
    const payload = JSON.stringify({ a: 'x'.repeat(2000) });
    await expectError({ method: 'POST', url: '/json', headers: json, payload }, 413, { BODY_LIMIT_BYTES: '1000' });
    expect(
      (await ask({ method: 'POST', url: '/json', headers: json, payload }, { BODY_LIMIT_BYTES: '3000' })).statusCode,
    ).toBe(200);
  });

  it('takes 1 MiB unless told otherwise', async () => {
    const payload = (bytes: number) => JSON.stringify({ a: 'x'.repeat(bytes - 8) });
    expect((await ask({ method: 'POST', url: '/json', headers: json, payload: payload(1_048_576) })).statusCode).toBe(
      200,
    );
    await expectError({ method: 'POST', url: '/json', headers: json, payload: payload(1_048_577) }, 413);
  });
});

describe('multipart', () => {
  const upload = async (headers: Record<string, string>, payload: string) => {
    const { app } = await testService(async (app) => {
      await app.register(multipart);
      app.post('/upload', async (request) => ({ name: (await request.file())?.filename ?? null }));
      app.post('/json', { schema: { body: { type: 'object' } } }, ({ body }) => body);
    });
    return app.inject({ method: 'POST', url: '/upload', headers, payload });
  };
  const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhi\r\n--b--\r\n';

  it('is taken with its boundary', async () => {
    expect((await upload({ 'content-type': 'multipart/form-data; boundary=b' }, part)).json()).toEqual({
      name: 'a.txt',
    });
  });

  it('answers 400 without its boundary', async () => {
    const response = await upload({ 'content-type': 'multipart/form-data' }, part);
    expect([response.statusCode, Object.keys(response.json())]).toEqual([400, ['error']]);
  });

  it.each([json['content-type'], 'text/plain'])('answers 415 to %s where a form is wanted', async (type) => {
    const response = await upload({ 'content-type': type }, '{}');
    expect([response.statusCode, Object.keys(response.json())]).toEqual([415, ['error']]);
  });
});

describe('paths', () => {
  it.each(['%2f', '%2F', '%5c', '%00', '..%2f..%2fetc', '..', '%2e%2e', '.%2E', '.', 'a/../1', 'a\\b'])(
    'refuses %s in a path',
    async (segment) => {
      const { app } = await testService(routes);
      await app.listen({ host: '127.0.0.1', port: 0 });
      try {
        expect([400, 404]).toContain(await rawStatus(app, `/names/${segment}`));
      } finally {
        await app.close();
      }
    },
  );

  it.each(['/%zz', '/things/%zz', '/things/%ff', '/%'])('answers %s with 400 in the one shape', async (url) => {
    await expectError({ url }, 400);
  });

  it('gives names of 255 bytes to the handler, encoded or not', async () => {
    expect((await ask({ url: `/names/${'a'.repeat(255)}` })).json()).toEqual({ bytes: 255 });
    expect((await ask({ url: `/names/${encodeURIComponent('ż'.repeat(127))}` })).json()).toEqual({ bytes: 254 });
  });

  it('refuses endless names in the one shape', async () => {
    await expectError({ url: `/names/${'a'.repeat(4000)}` }, 414);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('finds nothing under %s', async (id) => {
    await expectError({ url: `/things/${id}` }, 404);
  });

  it('answers HEAD on every GET, without a body', async () => {
    const response = await ask({ method: 'HEAD', url: '/things' });
    expect([response.statusCode, response.body, response.headers['content-length']]).toEqual([200, '', '2']);
  });
});

describe('errors', () => {
  it.each([
    ['/broken', 500],
    ['/teapot', 418],
  ])('tells nothing of what an unexpected error says (%s)', async (url, status) => {
    const response = await expectError({ url }, status);
    expect(response.body).not.toMatch(/hunter2|secret|postgres/);
  });

  it('shows the sentence of a ServiceError, with a status of 5xx too', async () => {
    expect((await expectError({ url: '/full' }, 507)).json()).toEqual({ error: 'There is no room left.' });
  });

  const H = 'Host: a\r\n';
  const GET = `GET /things HTTP/1.1\r\n${H}`;

  it.each([
    ['what is no HTTP', 'NOT HTTP\r\n\r\n', 400, 'The request is not valid.'],
    ['a header that is too large', `${GET}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'The header is too large.'],
    ['a method that nobody knows', `SMILE /things HTTP/1.1\r\n${H}\r\n`, 400, 'The request is not valid.'],
    ['CONNECT', `CONNECT a:443 HTTP/1.1\r\n${H}\r\n`, 501, 'This is not implemented.'],
    ['no Host', 'GET /things HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'The request has no Host header.'],
    ['two Hosts', `${GET}Host: b\r\nConnection: close\r\n\r\n`, 400, 'The request has several Host headers.'],
    ['a Host twice', `${GET}HOST: a\r\nConnection: close\r\n\r\n`, 400, 'The request has several Host headers.'],
    ['another Expect', `${GET}Expect: a smile\r\n\r\n`, 417, 'The expectation cannot be met.'],
  ])('answers %s in the one shape, also on a connection that was used before', async (_what, text, status, error) => {
    const { app } = await testService(routes);
    await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      for (const before of ['', `${GET}\r\n`]) {
        const answers = await exchange(app, ...[before, text].filter(Boolean));
        const answer = answers.slice(answers.lastIndexOf('HTTP/1.1'));
        expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\ncontent-type: application/json`, 'i'));
        expect(answer.slice(answer.indexOf('\r\n\r\n'))).toContain(JSON.stringify({ error }));
      }
    } finally {
      await app.close();
    }
  });

  it('puts no second answer behind a part of another', async () => {
    const { app } = await testService((app) => {
      app.get('/half', (_request, reply) => {
        reply.raw.writeHead(200, { 'content-length': 10 });
        reply.raw.write('half');
        reply.hijack();
      });
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await exchange(app, `GET /half HTTP/1.1\r\n${H}\r\n`, 'NOT HTTP\r\n\r\n')).toMatch(/\r\n\r\nhalf$/);
    await app.close();
  });

  it('takes HTTP/1.0, which knows no Host', async () => {
    const { app } = await testService(routes);
    await app.listen({ host: '127.0.0.1', port: 0 });
    expect(await exchange(app, 'GET /things HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    await app.close();
  });
});

const rawStatus = async (app: FastifyInstance, path: string): Promise<number> =>
  Number((await exchange(app, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).split(' ')[1]);

/** Bytes as they are, for clients tidy paths before they send them; each text once the one before is answered. */
async function exchange(app: FastifyInstance, ...texts: string[]): Promise<string> {
  const { connect } = await import('node:net');
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  const rest = [...texts];
  socket.write(rest.shift() ?? '');
  for await (const chunk of socket) {
    answer += chunk;
    const next = rest.shift();
    if (next !== undefined) socket.write(next);
  }
  return answer;
}
