import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Launcher, startShare, testFolder } from './start-share.ts';

const MiB = 1_048_576;

describe('two servers on one folder', () => {
  it('let exactly one of 50 simultaneous uploads of a name win', async () => {
    using folder = testFolder();
    await using one = await startShare(folder.path);
    await using two = await startShare(folder.path);
    // Larger than what is sent with the header, so that all of them are on their way at once.
    const bytes = (index: number) => Buffer.alloc(200_000, `upload ${index} `);
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { url } = index % 2 ? one : two;
        const answer = await fetch(`${url}/upload/one.txt`, { method: 'POST', body: bytes(index) });
        return { index, status: answer.status, body: (await answer.json()) as unknown };
      }),
    );
    const winners = answers.filter(({ status }) => status === 201);
    expect(winners).toHaveLength(1);
    const losers = answers.filter(({ status }) => status === 409);
    expect(losers).toHaveLength(49);
    for (const { body } of losers) expect(body).toEqual({ error: 'There is a file named one.txt already.' });
    expect(readFileSync(join(folder.path, 'one.txt')).equals(bytes(winners[0]?.index ?? -1))).toBe(true);
    expect(drafts(folder.path)).toEqual([]);
  });
});

describe('an upload that does not come to its end', () => {
  it.each([
    ['bytes', 'POST /upload/cut.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n'],
    ['chunks', 'POST /upload/cut.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    [
      'a form',
      'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n' +
        '--b\r\ncontent-disposition: form-data; name="file"; filename="cut.txt"\r\n\r\nhello',
    ],
  ])(
    'leaves nothing when the client goes away in the middle of %s, and is seen by nobody before',
    async (_what, head) => {
      using folder = testFolder();
      await using share = await startShare(folder.path);
      const socket = connect(share.port, '127.0.0.1');
      socket.write(head);
      if (head.includes('/upload/cut.txt HTTP/1.1\r\nHost: a\r\nContent-Length')) socket.write('hello');
      await vi.waitFor(() => expect(drafts(folder.path)).toHaveLength(1), 300_000);
      expect(await (await fetch(`${share.url}/download`)).json()).toEqual([]);
      socket.destroy();
      await vi.waitFor(() => expect(drafts(folder.path)).toEqual([]), 300_000);
      expect(readdirSync(folder.path)).toEqual(['.drafts']);
      expect((await fetch(`${share.url}/upload/cut.txt`, { method: 'POST', body: 'whole' })).status).toBe(201);
    },
  );

  it('leaves nothing when the server is told to stop and does not wait any longer', async () => {
    using folder = testFolder();
    await using share = await startShare(folder.path, { SHUTDOWN_TIMEOUT_MS: '100' });
    const socket = connect(share.port, '127.0.0.1').on('error', () => {});
    socket.write('POST /upload/cut.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhello');
    await vi.waitFor(() => expect(drafts(folder.path)).toHaveLength(1), 300_000);
    share.kill('SIGTERM');
    expect(await share.exited).toBe(0);
    expect(drafts(folder.path)).toEqual([]);
    socket.destroy();
  });

  it('finishes where the server is told to stop and the client goes on', async () => {
    using folder = testFolder();
    await using share = await startShare(folder.path);
    const socket = connect(share.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (piece) => {
      answer += piece;
    });
    socket.write('POST /upload/whole.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
    await vi.waitFor(() => expect(drafts(folder.path)).toHaveLength(1), 300_000);
    share.kill('SIGTERM');
    await vi.waitFor(() => expect(fetch(`${share.url}/health`)).rejects.toThrow(), 300_000);
    socket.write('world');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
    expect(await share.exited).toBe(0);
    expect(readFileSync(join(folder.path, 'whole.txt'), 'utf8')).toBe('helloworld');
  });
});

describe('memory', () => {
  it('does not grow with what is uploaded and downloaded', async () => {
    using folder = testFolder();
    await using share = await startShare(folder.path);
    await fetch(`${share.url}/upload/warm.txt`, { method: 'POST', body: 'x' });
    await (await fetch(`${share.url}/download/warm.txt`)).text();
    const before = share.memory();
    const piece = Buffer.alloc(MiB, 'lobbie ');
    const count = 128;
    const sent = createHash('sha256');
    async function* pieces() {
      for (let index = 0; index < count; index += 1) {
        sent.update(piece);
        yield piece;
      }
    }
    const body = ReadableStream.from(pieces());
    const answer = await fetch(`${share.url}/upload/large.pdf`, { method: 'POST', body, duplex: 'half' });
    expect(answer.status).toBe(201);
    const received = createHash('sha256');
    const download = await fetch(`${share.url}/download/large.pdf`);
    // The cast: undici's type of a stream lacks what Node's has.
    for await (const part of download.body as unknown as AsyncIterable<Uint8Array>) received.update(part);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    expect(share.memory().peak - before.peak).toBeLessThan(32);
  });
});

const inOwnMounts: Launcher = (node, server, directory) => [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3"',
  'sh',
  directory,
  node,
  server,
];
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

const title = mayMount ? 'a full disk' : 'a full disk (skipped: only root, or a user with namespaces, mounts one)';
describe.skipIf(!mayMount)(title, () => {
  it('is told with 507, as JSON and as a page, and holds what it held', async () => {
    using folder = testFolder();
    await using share = await startShare(folder.path, {}, inOwnMounts);
    const put = (name: string, bytes: number) =>
      fetch(`${share.url}/upload/${name}`, { method: 'POST', body: Buffer.alloc(bytes, 'x') });
    expect((await put('fits.txt', 600_000)).status).toBe(201);
    const full = await put('more.txt', 600_000);
    expect([full.status, await full.json()]).toEqual([507, { error: 'There is no room left for this file.' }]);
    const form = new FormData();
    form.set('file', new Blob([Buffer.alloc(600_000)]), 'more.txt');
    const page = await fetch(`${share.url}/upload`, { method: 'POST', body: form });
    expect([page.status, page.headers.get('content-type')]).toEqual([507, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('There is no room left for this file.');
    // Nothing of what failed takes up room.
    expect((await put('small.txt', 300_000)).status).toBe(201);
    const names = ((await (await fetch(`${share.url}/download`)).json()) as { filename: string }[]).map(
      (f) => f.filename,
    );
    expect(names).toEqual(['fits.txt', 'small.txt']);
  });
});

/** Root may write everywhere: without that right it is like any other user. */
const withoutOverride: Launcher = (node, server) =>
  process.getuid?.() === 0
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all', node, server]
    : [node, server];

describe('a folder that this user may not write', () => {
  it('stops the start', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no modes of directories');
    using folder = testFolder();
    chmodSync(folder.path, 0o500);
    await expect(startShare(folder.path, {}, withoutOverride)).rejects.toThrow(
      /^The server ended with 1: FILES_DIR: .* may not be written by this user/,
    );
  });
});

const drafts = (directory: string): string[] => readdirSync(join(directory, '.drafts'));
