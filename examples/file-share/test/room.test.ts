import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { testShare } from './test-share.ts';

const LIMIT = 1_000_000;
const env = { MAX_FOLDER_BYTES: String(LIMIT) };
const NO_ROOM = { error: `There is no room left for this file: all files together may have ${LIMIT} bytes.` };

const bytesIn = (directory: string): number =>
  readdirSync(directory)
    .map((name) => statSync(join(directory, name)))
    .filter((stats) => stats.isFile())
    .reduce((sum, { size }) => sum + size, 0);

const drafts = (directory: string): string[] => readdirSync(join(directory, '.drafts'));

describe('a limit for the folder', () => {
  it('takes files up to it, and not a byte more, and what is removed makes room', async () => {
    await using share = await testShare(env);
    expect((await share.put('a.txt', Buffer.alloc(LIMIT - 10))).statusCode).toBe(201);
    const refused = await share.put('b.txt', Buffer.alloc(11));
    expect([refused.statusCode, refused.json()]).toEqual([507, NO_ROOM]);
    expect(drafts(share.directory)).toEqual([]);
    expect((await share.put('b.txt', Buffer.alloc(10))).statusCode).toBe(201);
    expect((await share.put('c.txt', 'x')).statusCode).toBe(507);
    expect(bytesIn(share.directory)).toBe(LIMIT);
    rmSync(join(share.directory, 'b.txt'));
    expect((await share.put('c.txt', 'x')).statusCode).toBe(201);
  });

  it('holds for forms, and says so on a page', async () => {
    await using share = await testShare(env);
    const form = (filename: string, bytes: number) => share.form([{ filename, content: Buffer.alloc(bytes) }]);
    expect((await form('a.txt', LIMIT)).statusCode).toBe(201);
    const refused = await form('b.txt', 1);
    expect([refused.statusCode, refused.json()]).toEqual([507, NO_ROOM]);
    const page = await share.form([{ filename: 'c.txt', content: 'x' }], { accept: 'text/html' });
    expect([page.statusCode, page.body]).toEqual([507, expect.stringContaining('No room left')]);
    expect(drafts(share.directory)).toEqual([]);
  });

  it('counts what was put there by hand', async () => {
    await using share = await testShare(env);
    writeFileSync(join(share.directory, 'by hand.txt'), Buffer.alloc(LIMIT));
    expect((await share.put('a.txt', 'x')).statusCode).toBe(507);
  });

  it('refuses a file that is larger than all of it, however it is sent', async () => {
    await using share = await testShare(env);
    expect((await share.put('a.txt', Buffer.alloc(LIMIT + 1))).statusCode).toBe(507);
    await share.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = share.app.server.address() as { port: number };
    for (const [bytes, status] of [
      [LIMIT + 1, 507],
      [LIMIT, 201],
      [1, 507],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}/upload/b${bytes}.txt`, {
        method: 'POST',
        body: new Blob([Buffer.alloc(bytes)]).stream(),
        duplex: 'half',
      });
      expect([bytes, answer.status]).toEqual([bytes, status]);
      await answer.text();
      expect(drafts(share.directory)).toEqual([]);
    }
  });

  it('lets as many of many uploads at once through as fit', async () => {
    await using share = await testShare(env);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => share.put(`${index}.txt`, Buffer.alloc(300_000))),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([...Array(3).fill(201), ...Array(17).fill(507)]);
    expect(bytesIn(share.directory)).toBe(900_000);
    expect(drafts(share.directory)).toEqual([]);
  });

  it('is never passed by two servers on one folder, and reached by them', async () => {
    await using one = await testShare(env);
    await using two = await testShare(env, one.directory);
    const send = (index: number) => (index % 2 ? one : two).put(`${index}.txt`, Buffer.alloc(300_000));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => send(index)));
    expect(new Set([...answers.map(({ statusCode }) => statusCode), 201, 507])).toEqual(new Set([201, 507]));
    const winners = answers.filter(({ statusCode }) => statusCode === 201).length;
    expect(bytesIn(one.directory)).toBe(winners * 300_000);
    expect(winners).toBeLessThanOrEqual(3);
    for (let index = 20; index < 24; index += 1) await send(index);
    expect(bytesIn(one.directory)).toBe(900_000);
    expect(drafts(one.directory)).toEqual([]);
  });

  it('counts what is being received, from the moment that it is announced until it breaks off', async () => {
    await using share = await testShare(env);
    await share.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = share.app.server.address() as { port: number };
    const going = connect(port, '127.0.0.1');
    going.on('error', () => {});
    going.write(`POST /upload/a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: ${LIMIT}\r\n\r\nbegun`);
    while (drafts(share.directory).length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await share.put('b.txt', 'x')).statusCode).toBe(507);
    going.destroy();
    while (drafts(share.directory).length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await share.put('b.txt', 'x')).statusCode).toBe(201);
  });

  it('is said to a client that asks first, before it has sent anything', async () => {
    await using share = await testShare(env);
    await share.put('a.txt', Buffer.alloc(LIMIT));
    await share.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = share.app.server.address() as { port: number };
    const ask = async (path: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
      return (await text(socket)).split('\r\n')[0] ?? '';
    };
    expect(await ask('/upload/b.txt')).toMatch(/^HTTP\/1.1 507 /);
    expect(await ask('/upload/a.txt')).toMatch(/^HTTP\/1.1 409 /);
    expect(await ask('/upload/program.exe')).toMatch(/^HTTP\/1.1 400 /);
  });

  it('is none unless it is set', async () => {
    await using share = await testShare();
    expect((await share.put('a.txt', Buffer.alloc(LIMIT + 1))).statusCode).toBe(201);
  });

  it.each(['0', '1e9', '1GB', '-1', '1.5'])('is not %s', async (MAX_FOLDER_BYTES) => {
    await expect(testShare({ MAX_FOLDER_BYTES })).rejects.toThrow(/^MAX_FOLDER_BYTES: expected a whole number/);
  });
});
