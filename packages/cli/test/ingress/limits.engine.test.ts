import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { Engine } from '../../src/model/engine.ts';
import type { IngressState } from '../../src/model/ingress.ts';
import { describeEngine } from '../engine-available.ts';
import { emptyState, type IngressSetup, setupIngress } from './setup-ingress.ts';

describeEngine('how much and how long an ingress takes', (engine) => {
  it('lets headers of 32 kB and 256 headers pass both ways, and refuses more in JSON', async () => {
    await using setup = await serving(engine);
    const ask = async (headers: Record<string, string>, path = '/') => {
      const asked = request(`${setup.url()}${path}`, { headers, agent: false, maxHeaderSize: 1 << 20 }).end();
      const [response] = await once(asked, 'response');
      return { status: response.statusCode, body: await text(response), headers: response.headers };
    };
    const named = (count: number, bytes: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, 'v'.repeat(bytes)]));
    expect(await ask({ 'x-large': 'v'.repeat(32_768) })).toMatchObject({ status: 200 });
    expect(await ask(named(256, 100))).toMatchObject({ status: 200 });
    expect(await ask({}, `/${'p'.repeat(32_000)}`)).toMatchObject({ status: 200 });
    const large = await ask({}, '/large?bytes=32768');
    expect([large.status, large.headers['x-large']?.length]).toEqual([200, 32_768]);
    const many = await ask({}, '/large?bytes=1&headers=256');
    expect(Object.keys(many.headers).filter((name) => /^x-\d+$/.test(name))).toHaveLength(256);
    const refused = { status: 431, body: '{"error":"The header is too large."}' };
    expect(await ask({ 'x-large': 'v'.repeat(36_000) })).toMatchObject(refused);
    expect(await ask(named(400, 1))).toMatchObject(refused);
    expect(await ask({}, `/${'p'.repeat(36_000)}`)).toMatchObject({ status: 414 });
  });

  it('answers in JSON what is no valid request, as the first one of a connection and as a later one', async () => {
    const ports: IngressState['ports'] = [
      { port: 3000, mode: 'auto' },
      { port: 3001, mode: 'http' },
    ];
    await using setup = await serving(engine, { ports });
    const cases = Object.entries(INVALID).flatMap(([name, bad]) =>
      ports.flatMap(({ port }) =>
        ['', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'].map((before) => ({ name, bad, port, before })),
      ),
    );
    for (const { name, bad, port, before } of cases) {
      let answer = '';
      // Where HAProxy closes before it has read all, the answer may get lost with the rest.
      for (let tries = 0; answer === '' && tries < 500; tries += 1)
        answer = await answerTo(setup, bad, { before, port });
      expect(answer, name).toMatch(/^HTTP\/1\.1 400 .*\r\n(.*\r\n)*content-type: application\/json\r\n/i);
      expect(answer.split('\r\n\r\n')[1]).toBe(
        '{"error":"The request is not valid HTTP, too large, or not complete."}',
      );
    }
  });

  it('cuts a client that never ends its header, with 408 in JSON', async () => {
    await using setup = await serving(engine);
    const answer = await answerTo(setup, 'GET / HTTP/1.1\r\nHost: a');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/\r\n\r\n\{"error":"The request took too long to arrive\."\}$/);
  });

  it('cuts a client that never ends its body', async () => {
    await using setup = await serving(engine, { clientTimeoutMs: 1000, holdTimeoutMs: 500, outageTimeoutMs: 500 });
    const answer = await answerTo(setup, 'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d .*\r\n/);
    expect(answer).toMatch(/\r\n\r\n\{"error":"[^"]+"\}$/);
  });

  it.each(['auto', 'http'] as const)('lets a replica be silent for longer than a client may (%s)', async (mode) => {
    await using setup = await serving(engine, { ports: [{ port: 3000, mode }], clientTimeoutMs: 1000 });
    expect((await fetch(`${setup.url()}/?sleep=4000`)).status).toBe(200);
    const events = (await fetch(`${setup.url()}/events?every=4000`)).body?.getReader();
    const read = async () => new TextDecoder().decode((await events?.read())?.value);
    expect([await read(), await read()]).toEqual(['data: 0\n\n', 'data: 1\n\n']);
    await events?.cancel();
    const socket = connect(Number(new URL(setup.url()).port), '127.0.0.1');
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 101 /);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    socket.write('still here');
    expect(String((await once(socket, 'data'))[0])).toBe('still here');
    socket.destroy();
  });
});

const INVALID = {
  'a header that is none': 'GET / HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n',
  'a header of 100 kB': `GET / HTTP/1.1\r\nHost: a\r\nx: ${'v'.repeat(100_000)}\r\n\r\n`,
  'a path of 100 kB': `GET /${'p'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  '2000 headers': `GET / HTTP/1.1\r\nHost: a\r\n${'x: v\r\n'.repeat(2000)}\r\n`,
  'two lengths': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
  'an unknown coding': 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: foo\r\n\r\n',
  'a path with a control character': 'GET /a\x01b HTTP/1.1\r\nHost: a\r\n\r\n',
  'two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
};

const serving = async (engine: Engine, wanted: Partial<IngressState> = {}): Promise<IngressSetup> => {
  const setup = await setupIngress(engine, { ...emptyState, ...wanted });
  const replica = await setup.startReplica('a', { SECOND_PORT: '3001' });
  await setup.ingress.admit(replica.container, replica.addresses);
  return setup;
};

/** All that comes until the connection is closed, after an answer to what was sent before. */
const answerTo = async (setup: IngressSetup, sent: string, { before = '', port = 3000 } = {}): Promise<string> => {
  const { hostname, port: where } = new URL(setup.url(port));
  const socket = connect(Number(where), hostname);
  // What is not read to the end is cut off, and an answer may be there by then.
  socket.on('error', () => {});
  if (before !== '') {
    socket.write(before);
    await once(socket, 'data');
  }
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).write(sent);
  // What HAProxy has not read when it closes fails on its way: that is no answer.
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
};
