import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FileEntry } from '../../src/model/engine-file.ts';
import { describeEngine } from '../engine-available.ts';
import { collect, runContainer, sleeper, TEST_LABELS } from './test-container.ts';

const HUGE = 400 * 1024 * 1024;

describeEngine('files in a container that never started', (engine) => {
  const name = sleeper('files');
  const volume = sleeper('files-vol');
  const image = `${sleeper('empty')}:1`;
  let bound = '';

  beforeAll(async () => {
    bound = await mkdtemp(join(tmpdir(), 't-eng-'));
    await engine.importEmptyImage(image);
    await engine.createVolume({ name: volume, labels: TEST_LABELS });
    await runContainer(engine, {
      name,
      image,
      start: false,
      mounts: [
        { kind: 'volume', source: volume, target: '/volume', readOnly: false },
        { kind: 'bind', source: bound, target: '/bound', readOnly: false },
      ],
    });
  });
  afterAll(async () => {
    await engine.removeContainer(name, { force: true });
    await engine.removeVolume(volume);
    await engine.removeImage(image);
    await rm(bound, { recursive: true, force: true });
  });

  const read = async (path: string): Promise<FileEntry[]> =>
    collect(engine.readFiles(name, path, { mostBytes: Infinity }));

  it.each(['/volume', '/bound'])('reads back what was written to %s, owners and modes included', async (directory) => {
    const binary = Buffer.from([0, 255, 10, 13, 128]);
    await engine.writeFiles(name, directory, [
      { kind: 'directory', name: 'below', uid: 1000, gid: 1001, mode: 0o750 },
      { kind: 'file', name: 'below/ä.txt', content: 'grüße', uid: 1000, gid: 1001, mode: 0o640 },
      { kind: 'file', name: 'binary', content: binary },
      { kind: 'file', name: 'empty', content: '' },
    ]);
    const entries = await read(directory);
    expect(entries.map((entry) => entry.name).sort()).toEqual(['', 'below', 'below/ä.txt', 'binary', 'empty']);
    const named = (wanted: string) => entries.find((entry) => entry.name === wanted);
    expect(named('below')).toMatchObject({ kind: 'directory', uid: 1000, gid: 1001, mode: 0o750 });
    expect(named('below/ä.txt')).toMatchObject({ kind: 'file', uid: 1000, gid: 1001, mode: 0o640 });
    expect(named('below/ä.txt')?.content?.toString()).toBe('grüße');
    expect(named('binary')).toMatchObject({ content: binary, uid: 0, gid: 0, mode: 0o644 });
    expect(named('empty')?.content).toEqual(Buffer.alloc(0));
    expect(named('binary')?.modifiedAtMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('writes bind mounts through to the host', async () => {
    await engine.writeFiles(name, '/bound', [{ kind: 'directory', name: 'owned', uid: 1234, gid: 1235, mode: 0o700 }]);
    expect(await stat(join(bound, 'owned'))).toMatchObject({ uid: 1234, gid: 1235 });
  });

  it('replaces a file', async () => {
    for (const content of ['a longer first text', 'second']) {
      await engine.writeFiles(name, '/volume', [{ kind: 'file', name: 'twice', content }]);
    }
    const [entry] = await read('/volume/twice');
    expect(entry).toMatchObject({ name: '', kind: 'file' });
    expect(entry?.content?.toString()).toBe('second');
  });

  it('keeps no content in memory that is too large or that nobody wants, and follows no link', async () => {
    const directory = await mkdtemp(join(bound, 'odd-'));
    await writeFile(join(directory, 'small'), 'small');
    await writeFile(join(directory, 'other'), 'other');
    await symlink('/etc/passwd', join(directory, 'link'));
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    // Sparse: no room on the disk, and all of it zeros in the archive.
    await writeFile(join(directory, 'huge'), '');
    await truncate(join(directory, 'huge'), HUGE);
    const limits = { mostBytes: 1024, wanted: (one: string) => one !== 'other' };
    const path = `/bound/${basename(directory)}`;
    const before = process.memoryUsage.rss();
    let most = before;
    const seen: Record<string, string> = {};
    for await (const entry of engine.readFiles(name, path, limits)) {
      most = Math.max(most, process.memoryUsage.rss());
      seen[entry.name] = `${entry.kind} ${entry.content?.toString() ?? '-'}`;
    }
    most = Math.max(most, process.memoryUsage.rss());
    expect(seen).toEqual({
      '': 'directory -',
      small: 'file small',
      other: 'file -',
      huge: 'file -',
      link: 'other -',
      fifo: 'other -',
    });
    expect(most - before).toBeLessThan(HUGE / 2);
  });

  it('tells owner and mode of one path', async () => {
    expect(await engine.statFile(name, '/volume/below')).toEqual({
      kind: 'directory',
      uid: 1000,
      gid: 1001,
      mode: 0o750,
    });
    expect(await engine.statFile(name, '/volume/below/ä.txt')).toMatchObject({ kind: 'file', mode: 0o640 });
  });

  it('finds nothing where there is nothing', async () => {
    expect(await read('/volume/missing')).toEqual([]);
    expect(await engine.statFile(name, '/volume/missing')).toBeUndefined();
  });

  it('stops the transfer when the reader stops reading', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024);
    const files = Array.from({ length: 64 }, (_, n) => ({
      kind: 'file' as const,
      name: `big-${n}`,
      content: mebibyte,
    }));
    await engine.writeFiles(name, '/volume', files);
    const whole = await timed(() => read('/volume'));
    const first = await timed(async () => {
      for await (const entry of engine.readFiles(name, '/volume', { mostBytes: Infinity })) if (entry) break;
    });
    const one = await timed(() => engine.statFile(name, '/volume'));
    expect(Math.max(first, one)).toBeLessThan(whole / 2);
    // The connection that was cut does no harm to the ones after it.
    expect(await read('/volume/empty')).toHaveLength(1);
  });

  it('makes the directories on the way to a file, and leaves those that are there as they are', async () => {
    const way = sleeper('files-way');
    await runContainer(engine, { name: way, start: false });
    try {
      const owned = { kind: 'file', mode: 0o440, uid: 7, gid: 8 } as const;
      await engine.writeFiles(way, '/', [
        { ...owned, name: 'etc/no/such/file', content: 'a' },
        { ...owned, name: 'tmp/file', content: 'b' },
      ]);
      expect(await engine.statFile(way, '/tmp')).toMatchObject({ mode: 0o1777, uid: 0 });
      expect(await engine.statFile(way, '/etc')).toMatchObject({ mode: 0o755, uid: 0 });
      expect(await engine.statFile(way, '/etc/no/such')).toMatchObject({ kind: 'directory', mode: 0o755, uid: 0 });
      for (const path of ['/etc/no/such/file', '/tmp/file'])
        expect(await engine.statFile(way, path)).toEqual({ kind: 'file', mode: 0o440, uid: 7, gid: 8 });
    } finally {
      await engine.removeContainer(way);
    }
  });

  it('reaches a volume of a read-only container, and nothing else of it', async () => {
    const readOnly = sleeper('files-read-only');
    const files = [{ kind: 'file', name: 'secret', content: 'x', mode: 0o400, uid: 1000, gid: 1001 }] as const;
    const mounts = [{ kind: 'volume', target: '/run/secrets', readOnly: false }] as const;
    await runContainer(engine, { name: readOnly, start: false, readOnly: true, mounts });
    try {
      await engine.writeFiles(readOnly, '/run/secrets', files);
      await expect(engine.writeFiles(readOnly, '/etc', files)).rejects.toMatchObject({
        code: 'ENGINE_ERROR',
        message: expect.stringContaining('read-only'),
      });
      await engine.startContainer(readOnly);
      const seen = await engine.exec(readOnly, ['stat', '-c', '%a %u:%g', '/run/secrets/secret']);
      expect(seen.output).toBe('400 1000:1001\n');
    } finally {
      await engine.removeContainer(readOnly, { force: true });
    }
  });

  it("says in the engine's words that a directory is missing", async () => {
    await expect(
      engine.writeFiles(name, '/volume/no/such', [{ kind: 'file', name: 'a', content: '' }]),
    ).rejects.toMatchObject({ code: 'ENGINE_ERROR', message: expect.stringContaining('/volume/no/such') });
  });

  it('says DISK_FULL when there is no room', async () => {
    const small = sleeper('small');
    const driverOpts = { type: 'tmpfs', device: 'tmpfs', o: 'size=64k' };
    await engine.createVolume({ name: small, labels: TEST_LABELS, driverOpts });
    await runContainer(engine, {
      name: small,
      start: false,
      mounts: [{ kind: 'volume', source: small, target: '/small', readOnly: false }],
    });
    try {
      const content = Buffer.alloc(1024 * 1024);
      await expect(engine.writeFiles(small, '/small', [{ kind: 'file', name: 'big', content }])).rejects.toMatchObject({
        code: 'DISK_FULL',
      });
    } finally {
      await engine.removeContainer(small, { force: true });
      await engine.removeVolume(small);
    }
  });
});

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}
