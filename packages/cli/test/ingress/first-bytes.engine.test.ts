import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngine } from '../engine-available.ts';
import { emptyState, type IngressSetup, setupIngress } from './setup-ingress.ts';

const [WEB, LINES, TLS] = [3000, 3001, 3002];

describeEngine('connections to a port whose protocol nobody has named', (engine) => {
  let setup: IngressSetup;
  beforeAll(async () => {
    const ports = [WEB, LINES, TLS].map((port) => ({ port, mode: 'auto' as const }));
    setup = await setupIngress(engine, { ...emptyState, ports });
    const replica = await setup.startReplica('a', { LINE_PORT: String(LINES), TLS_PORT: String(TLS) });
    await setup.ingress.admit(replica.container, replica.addresses);
  });
  afterAll(async () => {
    await setup[Symbol.asyncDispose]();
  });

  const open = (port: number) => {
    const { hostname, port: published } = new URL(setup.url(port));
    const socket = connect(Number(published), hostname).setEncoding('utf8');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    return { socket, heard: (wanted: RegExp) => expect.poll(() => text).toMatch(wanted) };
  };
  /** What the replica is told of a request, in the answer's body. */
  const FORWARDED = /"x-forwarded-for":"/;

  it('are HTTP/1 if they begin with a request, however slowly it comes', async () => {
    const { socket, heard } = open(WEB);
    for (const byte of 'GET /headers HTTP/1.1\r\nHost: web\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await heard(FORWARDED);
    socket.destroy();
  });

  it('are HTTP/1 whatever the method, the version and how many requests come at once', async () => {
    const text = async (method: string, target = '/headers', version = '1.1') => {
      const { socket, heard } = open(WEB);
      socket.write(`${method} ${target} HTTP/${version}\r\nHost: web\r\nConnection: close\r\n\r\n`);
      await heard(FORWARDED);
      socket.destroy();
    };
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY', 'PURGE']) await text(method);
    await text('GET', 'http://web/headers');
    await text('GET', '/headers', '1.0');
    const { socket, heard } = open(WEB);
    socket.write('GET /headers HTTP/1.1\r\nHost: web\r\n\r\n'.repeat(3));
    await heard(/(x-forwarded-for.*){3}/s);
    socket.destroy();
  });

  it('are bytes for another protocol, from its first line on', async () => {
    const { socket, heard } = open(LINES);
    socket.write('PING\r\n');
    await heard(/^\+PONG\r\n$/);
    // Begins like a method, and is none.
    socket.write('GET key\r\n');
    await heard(/-ERR\r\n$/);
    const early = open(LINES);
    early.socket.write('GET key\r\n');
    await early.heard(/^-ERR\r\n$/);
    socket.destroy();
    early.socket.destroy();
  });

  it('are bytes for TLS', async () => {
    const { hostname, port } = new URL(setup.url(TLS));
    const psk = { psk: Buffer.from('74657374', 'hex'), identity: 'test' };
    const socket = connectTls({
      host: hostname,
      port: Number(port),
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
      checkServerIdentity: () => undefined,
      pskCallback: () => psk,
    });
    const [words] = await once(socket.setEncoding('utf8'), 'data');
    expect(words).toBe('over TLS');
    socket.destroy();
  });

  it('tell what was seen on each port', async () => {
    await setup.ingress.counters();
    expect(setup.ingress.state.ports.map(({ port, seen }) => [port, seen])).toEqual([
      [WEB, 'http'],
      [LINES, 'tcp'],
      [TLS, 'tcp'],
    ]);
  });
});
