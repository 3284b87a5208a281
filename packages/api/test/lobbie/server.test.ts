import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startApi, temporaryDirectories } from './start-api.ts';

const get = async (port: number | undefined, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();

/** A request that is in flight until its header ends: of all the routes none is slow by itself. */
const SLOW = 'GET /file HTTP/1.1\r\nHost: a\r\n';

/** Connects and sends bytes as they are. */
async function send(port: number | undefined, bytes: string): Promise<Socket> {
  const socket = connect(port ?? 0, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

/** The state of a process as seen from outside: until it takes no more connections. */
async function untilRefused(port: number | undefined): Promise<void> {
  for (;;) {
    const socket = connect(port ?? 0, '127.0.0.1');
    const refused = await Promise.race([
      once(socket, 'connect').then(() => false),
      once(socket, 'error').then(() => true),
    ]).catch(() => true);
    socket.destroy();
    if (refused) return;
    await after(10);
  }
}

describe('the API as a process', () => {
  it('finishes a request in flight after SIGTERM, closes idle connections, and exits 0', async () => {
    using directories = temporaryDirectories();
    const api = await startApi({ HISTORY_DIR: directories.history, FILE_DIR: directories.files });
    const idle = await send(api.port, 'GET /file HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const slow = await send(api.port, SLOW);
    // The request is in flight once the API has read it: it answers this one, sent later, first.
    await get(api.port, '/file');
    const idleClosed = once(idle, 'close');
    api.process.kill('SIGTERM');
    await idleClosed;
    await untilRefused(api.port);
    expect(api.process.exitCode).toBeNull();
    slow.write('\r\n');
    expect(await text(slow)).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: close[\s\S]*\{"file":"include-me-\w+.txt"\}$/i);
    expect(await api.ended).toBe(0);
  });

  it('cuts what has not finished in time, and still exits 0', async () => {
    using directories = temporaryDirectories();
    const api = await startApi({
      HISTORY_DIR: directories.history,
      FILE_DIR: directories.files,
      SHUTDOWN_TIMEOUT_MS: '200',
    });
    const slow = await send(api.port, SLOW);
    slow.on('error', () => {});
    await get(api.port, '/file');
    api.process.kill('SIGINT');
    expect(await api.ended).toBe(0);
    expect(api.output()).toContain('stopped before all requests had finished');
    slow.destroy();
  });

  it('has its name in the history when it is killed right after its first answer, and again when it starts anew', async () => {
    using directories = temporaryDirectories();
    const env = { HISTORY_DIR: directories.history, FILE_DIR: directories.files };
    const api = await startApi(env);
    const { file } = (await get(api.port, '/file')) as { file: string };
    api.process.kill('SIGKILL');
    expect(await api.ended).toBe('SIGKILL');
    expect(readdirSync(directories.history)).toEqual([file]);

    const again = await startApi(env);
    expect(await get(again.port, '/file')).toEqual({ file });
    const other = await startApi({ ...env, FILE_DIR: directories.make('other') });
    expect(await get(other.port, '/files')).toEqual({ files: [file] });
    expect(((await get(again.port, '/files')) as { files: string[] }).files).toHaveLength(1);
    for (const running of [again, other]) running.process.kill('SIGKILL');
    await Promise.all([again.ended, other.ended]);
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT: expected a whole number from 1 to 65535\n'],
    [{ PORT: '0' }, 'PORT: expected a whole number from 1 to 65535\n'],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: expected one of .*\n$/],
    [{ HISTORY_DIR: '/nowhere' }, 'HISTORY_DIR: /nowhere is missing; mount or create the directory.\n'],
    [{ HISTORY_DIR: '/etc/hostname' }, 'HISTORY_DIR: /etc/hostname is not a directory.\n'],
  ])('says in one line what is wrong and exits 1 before it listens: %o', async (env, line) => {
    using directories = temporaryDirectories();
    const api = await startApi({ HISTORY_DIR: directories.history, FILE_DIR: directories.files, ...env });
    expect([api.port, await api.ended]).toEqual([undefined, 1]);
    expect(api.output()).toMatch(line);
  });

  it('says that its port is taken', async () => {
    using directories = temporaryDirectories();
    const env = { HISTORY_DIR: directories.history, FILE_DIR: directories.files };
    const first = await startApi(env);
    const second = await startApi({ ...env, PORT: String(first.port) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/^PORT: listen EADDRINUSE: [^\n]*\n$/);
    first.process.kill('SIGKILL');
    await first.ended;
  });
});

/** A mount of its own under a directory, or undefined where this user may not mount. */
function mountTmpfs(at: string, options: string): Disposable | undefined {
  mkdirSync(at);
  if (process.platform !== 'linux' || spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at]).status !== 0)
    return undefined;
  return { [Symbol.dispose]: () => void spawnSync('umount', ['-l', at]) };
}

describe('a history that cannot be written', () => {
  const cases: readonly [what: string, spoil: (at: string) => void, reason: string][] = [
    ['full', fill, 'is full.'],
    ['read-only', (at) => void spawnSync('mount', ['-o', 'remount,ro', at]), 'is read-only.'],
  ];
  it.for(cases)('stops the start, says that it is %s, and leaves nothing', async ([_what, spoil, reason], { skip }) => {
    using directories = temporaryDirectories();
    const history = join(directories.make('mounts'), 'history');
    using mount = mountTmpfs(history, 'size=64k');
    if (mount === undefined) {
      expect(process.env.CI && process.getuid?.() === 0, 'root can mount').toBeFalsy();
      skip('only root mounts a file system that is full or read-only');
      return;
    }
    spoil(history);
    const before = readdirSync(history);
    const api = await startApi({ HISTORY_DIR: history, FILE_DIR: directories.files });
    expect([api.port, await api.ended]).toEqual([undefined, 1]);
    expect(api.output()).toBe(`HISTORY_DIR: ${history} ${reason}\n`);
    expect(readdirSync(history)).toEqual(before);
  });
});

function fill(directory: string): void {
  const filler = join(directory, 'filler');
  try {
    for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' });
  } catch {
    expect(existsSync(filler)).toBe(true);
  }
}
