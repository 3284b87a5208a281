import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json, text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { lingerAfterAnswers } from '../../src/service/linger.ts';
import { requireKey } from '../../src/service/require-key.ts';
import { ServiceError } from '../../src/service/service-error.ts';
import { testService } from './test-service.ts';

vi.setConfig({ testTimeout: 120_000 });

const BODY = Buffer.alloc(5_000_000, ' ');

const { app } = await testService((service: FastifyInstance) => {
  const schema = { body: { type: 'object' } };
  service.post('/json', { schema }, ({ body }) => body);
  service.post('/locked', { schema, onRequest: requireKey('x-api-key', 'key') }, ({ body }) => body);
  const onRequest = async () => {
    throw new ServiceError(409, 'No.');
  };
  service.post('/early', { schema, onRequest }, ({ body }) => body);
  service.get('/things', () => []);
});
await app.listen({ host: '127.0.0.1', port: 0 });
afterAll(() => app.close());
const { port } = app.server.address() as { port: number };

interface Sent {
  readonly path: string;
  readonly type?: string;
  readonly agent?: Agent;
  readonly connection?: 'close';
  readonly isChunked?: boolean;
  readonly expect?: boolean;
}

/** Sends the large body as a plain Node client does, and gives the status and the error, or how the connection failed. */
async function send({ path, type = 'application/json', agent, connection, isChunked, expect: expects }: Sent) {
  const headers = {
    'content-type': type,
    ...(isChunked ? {} : { 'content-length': BODY.length }),
    ...(connection && { connection }),
    ...(expects && { expect: 'a smile' }),
  };
  const sending = request({ host: '127.0.0.1', port, method: 'POST', path, headers, ...(agent && { agent }) });
  const answered = once(sending, 'response');
  // Rejects with an error of the connection that comes after the answer, too, which clients fail with.
  const closed = once(sending, 'close');
  closed.catch(() => undefined);
  sending.end(BODY);
  const [response] = await answered;
  const body = await json(response);
  await closed;
  return { status: response.statusCode, body };
}

describe('a large body that is refused', () => {
  it.each<[string, number, Sent]>([
    ['is too large', 413, { path: '/json' }],
    ['is no JSON', 415, { path: '/json', type: 'text/plain' }],
    ['lacks its boundary', 400, { path: '/json', type: 'multipart/form-data' }],
    ['comes without the key', 401, { path: '/locked' }],
    ['goes to an unknown path', 404, { path: '/nowhere' }],
    ['leaves the path', 400, { path: '/a%2fb' }],
    ['has a path that is none', 400, { path: '/%zz' }],
    ['goes to a path of another method', 405, { path: '/things' }],
    ['has an expectation that nobody can meet', 417, { path: '/json', expect: true }],
    ['is refused by the route', 409, { path: '/early' }],
  ])('because it %s is answered %i for every client, however it sends', async (_why, status, sent) => {
    // As many as it took to see one in five of them without its answer; the others are the same machinery.
    const clients = status === 413 ? 40 : 8;
    for (const isChunked of [false, true]) {
      for (const how of [
        { agent: new Agent({ keepAlive: true }) },
        { agent: new Agent() },
        { connection: 'close' as const },
      ]) {
        const all = Array.from({ length: clients }, () => send({ ...sent, ...how, isChunked }));
        const answers = await Promise.all(all);
        expect(answers.map((answer) => answer.status)).toEqual(Array(clients).fill(status));
        expect(Object.keys(answers[0]?.body as object)).toEqual(['error']);
        how.agent?.destroy();
      }
    }
  });
});

/** A connection to a server, and all that comes back over it until it is closed. */
function dial(to: number): { readonly socket: Socket; readonly answered: Promise<string> } {
  const socket = connect(to, '127.0.0.1');
  return { socket, answered: text(socket).catch((error: NodeJS.ErrnoException) => String(error.code)) };
}

const POST = 'POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const TOO_LARGE = /^HTTP\/1\.1 413 [\s\S]*\{"error":"The body is too large\."\}/;

describe('an answer that comes before the end of its request', () => {
  it('reaches a client that sends slowly, and says that the connection ends', async () => {
    const { socket, answered } = dial(port);
    socket.write(`${POST}Content-Length: 3000000\r\n\r\n`);
    const [first] = await once(socket, 'data');
    expect(String(first)).toMatch(TOO_LARGE);
    expect(String(first)).toMatch(/\r\nconnection: close\r\n/i);
    for (let sent = 0; sent < 3_000_000; sent += 300_000) {
      if (!socket.write(Buffer.alloc(300_000))) await once(socket, 'drain');
    }
    await answered;
  });

  it('tells at once that the connection ends when more is announced than would be read', async () => {
    const { socket, answered } = dial(port);
    socket.write(`POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 70000000\r\n\r\n`);
    expect(await answered).toMatch(/^HTTP\/1\.1 404 [\s\S]*connection: close/i);
    socket.destroy();
  });

  it('leaves a connection for the next request where all has been read', async () => {
    const { socket, answered } = dial(port);
    socket.write(`POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY.length}\r\n\r\n`);
    socket.write(BODY);
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect((await answered).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('reaches a client whose header is too large, and who sends a body after it', async () => {
    const { socket, answered } = dial(port);
    socket.write(`${POST}X: ${'a'.repeat(20_000)}\r\nContent-Length: ${BODY.length}\r\n\r\n`);
    socket.end(BODY);
    expect(await answered).toMatch(/^HTTP\/1\.1 431 [\s\S]*\{"error":"The header is too large\."\}$/);
  });

  it.each(['keep-alive', 'close'])('bounds what is read after it, and for how long (%s)', async (connection) => {
    const server = createServer((_request, response) => response.writeHead(409, { connection }).end('no'));
    lingerAfterAnswers(server, { ms: 600_000, bytes: 1_000_000 });
    const hasty = createServer((_request, response) => response.writeHead(409, { connection }).end('no'));
    lingerAfterAnswers(hasty, { ms: 1, bytes: 1_000_000 });
    for (const each of [server, hasty]) await once(each.listen(0, '127.0.0.1'), 'listening');
    const portOf = (each: typeof server) => (each.address() as { port: number }).port;

    const endless = dial(portOf(server));
    endless.socket.on('error', () => {});
    const closed = once(endless.socket, 'close').catch(() => undefined);
    endless.socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const sendOn = (): void => {
      while (!endless.socket.destroyed && endless.socket.write(piece));
    };
    endless.socket.on('drain', sendOn);
    sendOn();
    await closed;

    // Sends nothing of what it has announced.
    const silent = dial(portOf(hasty));
    silent.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n');
    const [answer] = await once(silent.socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 409 /);
    await silent.answered;
    for (const each of [server, hasty]) {
      each.close();
      await once(each, 'close');
    }
  });
});

describe('a client that waits to send its body', () => {
  const waiting = (path: string, headers = '') =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n${headers}\r\n`;

  it.each([
    ['/json', 'Content-Type: application/json\r\nContent-Length: 5000000\r\n', 413],
    ['/json', 'Content-Type: text/plain\r\nContent-Length: 5\r\n', 415],
    ['/nowhere', 'Content-Length: 5\r\n', 404],
    ['/things', 'Content-Length: 5\r\n', 405],
    ['/locked', 'Content-Type: application/json\r\nContent-Length: 5\r\n', 401],
    ['/early', 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n', 409],
  ])('is refused by %s before it has sent any of it, and the connection ends: %s', async (path, headers, status) => {
    const { socket, answered } = dial(port);
    socket.write(waiting(path, headers));
    const answer = await answered;
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('gets 100 Continue once its body is wanted, and keeps its connection', async () => {
    const { socket, answered } = dial(port);
    socket.write(waiting('/json', 'Content-Type: application/json\r\nContent-Length: 7\r\n'));
    const [first] = await once(socket, 'data');
    expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('{"a":1}');
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await answered).toMatch(/^HTTP\/1\.1 100 [\s\S]*HTTP\/1\.1 200 [\s\S]*\{"a":1\}HTTP\/1\.1 200 /);
  });
});
