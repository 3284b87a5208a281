import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/service/service-error.ts';
import { bodyOf, readUpTo, streamBodies } from '../../src/service/stream-bodies.ts';
import { testService } from './test-service.ts';

const LIMIT = 1_000_000;
const ended: unknown[] = [];

const { app } = await testService((service: FastifyInstance) => {
  service.post('/json', { schema: { body: { type: 'object' } } }, ({ body }) => body);
  service.register(async (scope) => {
    streamBodies(scope);
    scope.post('/count', async (request) => {
      let bytes = 0;
      try {
        for await (const piece of readUpTo(bodyOf(request), LIMIT, 'It is too large.')) bytes += piece.length;
      } catch (error) {
        ended.push(error);
        throw error;
      }
      return { bytes };
    });
    scope.post('/refuse', () => {
      throw new ServiceError(409, 'No.');
    });
    const describedBody = { consumes: ['application/octet-stream'], schema: { type: 'string', format: 'binary' } };
    scope.post('/described', { config: { describedBody } }, () => ({}));
  });
});
await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => app.close());
const { port } = app.server.address() as { port: number };

const post = (path: string, payload: Buffer | string | undefined, type?: string) =>
  app.inject({
    method: 'POST',
    url: path,
    ...(payload === undefined ? {} : { payload }),
    headers: type === undefined ? {} : { 'content-type': type },
  });

describe('streamBodies', () => {
  it.each([
    undefined,
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'image/png',
    'nonsense',
    '"',
  ])('takes bytes that are announced as %s for what they are', async (type) => {
    const answer = await post('/count', Buffer.from('{"a":'), type);
    expect([answer.statusCode, answer.json()]).toEqual([200, { bytes: 5 }]);
  });

  it.each([undefined, 'application/json'])('reads no body (announced as %s) as no bytes', async (type) => {
    expect((await post('/count', undefined, type)).json()).toEqual({ bytes: 0 });
  });

  it('leaves the bodies of other routes as they are', async () => {
    expect((await post('/json', '{"a":1}', 'application/json')).json()).toEqual({ a: 1 });
    expect((await post('/json', 'a', 'text/plain')).statusCode).toBe(415);
  });

  it('knows no limit but the one it is given', async () => {
    expect((await post('/count', Buffer.alloc(LIMIT))).json()).toEqual({ bytes: LIMIT });
    const answer = await post('/count', Buffer.alloc(LIMIT + 1));
    expect([answer.statusCode, answer.json()]).toEqual([413, { error: 'It is too large.' }]);
  });

  it.each([
    ['/refuse', 409],
    ['/count', 413],
  ])('answers %s to a client that still sends, and keeps the connection', async (path, status) => {
    const size = 20_000_000;
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (piece) => {
      text += piece;
    });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    for (let sent = 0; sent < size; sent += 1_000_000) {
      if (!socket.write(Buffer.alloc(1_000_000))) await once(socket, 'drain');
    }
    socket.end('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await once(socket, 'close');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, 'HTTP/1.1 200']);
  });

  it('tells a route that its client went away', async () => {
    ended.length = 0;
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await delay(50);
    socket.destroy();
    while (ended.length === 0) await delay(5);
    expect(ended).toEqual([new ServiceError(400, 'The body ends before it is complete.')]);
  });

  it('has a described body in the OpenAPI document', async () => {
    const document = (await app.inject('/openapi.json')).json();
    expect(document.paths['/described'].post.requestBody.content).toEqual({
      'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
    });
  });
});
