import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { emptyState, type IngressSetup, type Replica, setupIngress } from './setup-ingress.ts';

/** Many times the pauses of what flows here: a busy machine may make one of them longer. */
const TIMEOUT_MS = 5000;
const TCP = 3001;
const HTTP2 = 3002;
const WEBSOCKET = [
  'GET / HTTP/1.1',
  'Host: web',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

describeEngine('what flows through an ingress for long', (engine) => {
  let setup: IngressSetup;
  let replica: Replica;
  let successor: Replica;

  beforeAll(async () => {
    const ports = [
      { port: 3000, mode: 'auto' },
      { port: TCP, mode: 'auto', speaksFirst: true },
      { port: HTTP2, mode: 'auto' },
    ] as const;
    setup = await setupIngress(engine, {
      ...emptyState,
      ports,
      clientTimeoutMs: TIMEOUT_MS,
      serverTimeoutMs: TIMEOUT_MS,
    });
    [replica, successor] = await Promise.all([
      setup.startReplica('a', { TCP_PORT: String(TCP), HTTP2_PORT: String(HTTP2) }),
      setup.startReplica('b', { TCP_PORT: String(TCP), HTTP2_PORT: String(HTTP2) }),
    ]);
    await setup.ingress.admit(replica.container, replica.addresses);
  });
  afterAll(async () => {
    await setup[Symbol.asyncDispose]();
  });

  /** A connection to a port of the ingress, and what has come over it. */
  const talk = (say = '', port = 3000): Conversation => {
    const { hostname, port: published } = new URL(setup.url(port));
    const socket = connect(Number(published), hostname);
    const heard: Conversation = { socket, text: '', ended: once(socket, 'close') };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      heard.text += chunk;
    });
    socket.on('error', () => {}).write(say);
    return heard;
  };
  const hears = (heard: Conversation, wanted: RegExp) => expect.poll(() => heard.text).toMatch(wanted);

  it('takes a request in chunks, with what its client sends for as long as it sends', async () => {
    const upload = request(`${setup.url()}/upload`, { method: 'POST' });
    const answer = once(upload, 'response');
    for (let chunk = 0; chunk < 30; chunk++) {
      upload.write(Buffer.alloc(100_000));
      await passed(TIMEOUT_MS / 20);
    }
    upload.end();
    const [response] = await answer;
    expect(await text(response)).toBe('3000000');
  });

  it('streams an upload that is far bigger than its memory', async () => {
    const size = 256 * 1024 * 1024;
    const upload = request(`${setup.url()}/upload`, { method: 'PUT', headers: { 'content-length': size } });
    const answer = once(upload, 'response');
    const chunk = Buffer.alloc(1024 * 1024);
    for (let sent = 0; sent < size; sent += chunk.length) if (!upload.write(chunk)) await once(upload, 'drain');
    upload.end();
    const [response] = await answer;
    expect(await text(response)).toBe(String(size));
    expect((await engine.stats(setup.container))?.memoryBytes).toBeLessThan(128 * 1024 * 1024);
  });

  it('says 100 Continue, answers HEAD and HTTP/1.0', async () => {
    const expecting = talk('POST /upload HTTP/1.1\r\nHost: web\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
    await hears(expecting, /^HTTP\/1.1 100 Continue\r\n\r\n$/);
    expecting.socket.write('bytes');
    await hears(expecting, /200 OK.*\r\n\r\n5$/s);
    const head = talk('HEAD / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
    await head.ended;
    expect(head.text).toMatch(/^HTTP\/1.1 200 OK.*\r\n\r\n$/s);
    const old = talk('GET / HTTP/1.0\r\n\r\n');
    await old.ended;
    expect(old.text).toMatch(/200 OK.*\r\n\r\n[0-9a-f]{12}$/s);
    expecting.socket.destroy();
  });

  it('passes HTTP/2 without TLS on to a replica that speaks it', async () => {
    const { connect: connectHttp2 } = await import('node:http2');
    const session = connectHttp2(setup.url(HTTP2));
    const streams = Array.from({ length: 5 }, async () => {
      const stream = session.request({ ':path': '/', te: 'trailers' });
      const trailers = once(stream, 'trailers');
      const [headers] = await once(stream, 'response');
      stream.resume();
      return [headers[':status'], headers['x-http-version'], (await trailers)[0]['x-sum']];
    });
    expect(await Promise.all(streams)).toEqual(Array(5).fill([200, '2.0', 'ok']));
    session.destroy();
  });

  it('keeps events flowing past every timeout, and cuts a stream that falls silent', async () => {
    const flowing = talk('GET /events?every=300 HTTP/1.1\r\nHost: web\r\n\r\n');
    const silent = talk('GET /events HTTP/1.1\r\nHost: web\r\n\r\n');
    await silent.ended;
    expect(silent.text).toMatch(/data: 0/);
    await hears(flowing, /(data: 1.*){25}/s);
    flowing.socket.destroy();
  });

  it('keeps idle WebSockets and TCP connections, and cuts them when their drained replica stops', async () => {
    const socket = talk(WEBSOCKET);
    const tcp = talk('', TCP);
    const events = talk('GET /events?every=300 HTTP/1.1\r\nHost: web\r\n\r\n');
    await hears(socket, /101 Switching Protocols.*\r\n\r\n$/s);
    await hears(tcp, /^hello from/);
    await hears(events, /data: 0/);
    await passed(TIMEOUT_MS + 1000);
    await setup.ingress.admit(successor.container, successor.addresses);
    expect(await setup.ingress.drain(replica.container, { timeoutMs: 300 })).toBe(false);
    const fresh = talk('', TCP);
    await hears(fresh, /^hello from/);
    expect(fresh.text).not.toBe(tcp.text);
    socket.socket.write('still here');
    tcp.socket.write('still here');
    await hears(socket, /still here$/);
    await hears(tcp, /still here$/);
    await engine.stopContainer(replica.container, 0);
    await Promise.all([socket.ended, tcp.ended, events.ended]);
    fresh.socket.write('and here');
    await hears(fresh, /and here$/);
    fresh.socket.destroy();
  });
});

interface Conversation {
  readonly socket: Socket;
  text: string;
  readonly ended: Promise<unknown>;
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const text = async (body: AsyncIterable<Buffer>): Promise<string> => {
  let whole = '';
  for await (const chunk of body) whole += chunk.toString();
  return whole;
};
