import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../src/model/engine-file.ts';
import { create, run, type Subject } from './subject.ts';

/** Files in containers, as the ledger and the secrets use them. */
export function filesContract(subject: Subject): void {
  const { engine, name } = subject;
  const mounts = (volume: string) => [{ kind: 'volume', source: volume, target: '/data', readOnly: false } as const];

  async function read(id: string, path: string, mostBytes = 1024): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for await (const entry of engine.readFiles(id, path, { mostBytes })) entries.push(entry);
    return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  describe('files', () => {
    it('are written to a container that does not run, and read back', async () => {
      const id = await create(subject, name('files'), { mounts: mounts(name('files')) });
      await engine.writeFiles(id, '/data', [
        { kind: 'directory', name: 'below', uid: 7, gid: 8, mode: 0o750 },
        { kind: 'file', name: 'below/owned', content: 'one', uid: 7, gid: 8, mode: 0o640 },
        { kind: 'file', name: 'plain', content: Buffer.from([0, 255]) },
      ]);
      const entries = (await read(id, '/data')).map(({ modifiedAtMs, content, ...entry }) => ({
        ...entry,
        content: content?.toString('hex'),
      }));
      expect(entries).toEqual([
        { kind: 'directory', name: '', mode: 0o755, uid: 0, gid: 0, content: undefined },
        { kind: 'directory', name: 'below', mode: 0o750, uid: 7, gid: 8, content: undefined },
        { kind: 'file', name: 'below/owned', mode: 0o640, uid: 7, gid: 8, content: '6f6e65' },
        { kind: 'file', name: 'plain', mode: 0o644, uid: 0, gid: 0, content: '00ff' },
      ]);
      expect(await engine.statFile(id, '/data/below')).toEqual({ kind: 'directory', mode: 0o750, uid: 7, gid: 8 });
      expect(await engine.statFile(id, '/data/plain')).toEqual({ kind: 'file', mode: 0o644, uid: 0, gid: 0 });
      expect((await read(id, '/data/plain')).map((entry) => entry.name)).toEqual(['']);
    });

    it('come without content if they are too large or not wanted', async () => {
      const id = await create(subject, name('limits'), { mounts: mounts(name('limits')) });
      await engine.writeFiles(id, '/data', [
        { kind: 'file', name: 'large', content: 'larger' },
        { kind: 'file', name: 'other', content: 'one' },
        { kind: 'file', name: 'small', content: 'two' },
      ]);
      const found: Record<string, string | undefined> = {};
      const limits = { mostBytes: 3, wanted: (one: string) => one !== 'other' };
      for await (const entry of engine.readFiles(id, '/data', limits))
        if (entry.kind === 'file') found[entry.name] = entry.content?.toString();
      expect(found).toEqual({ large: undefined, other: undefined, small: 'two' });
    });

    it('are replaced by later ones', async () => {
      const id = await create(subject, name('replaced'), { mounts: mounts(name('replaced')) });
      for (const content of ['a longer first text', 'second'])
        await engine.writeFiles(id, '/data', [{ kind: 'file', name: 'one', content }]);
      expect((await read(id, '/data/one'))[0]?.content?.toString()).toBe('second');
    });

    it('that are missing are an empty list', async () => {
      const id = await create(subject, name('missing'), { mounts: mounts(name('missing')) });
      expect(await read(id, '/data/missing')).toEqual([]);
      expect(await engine.statFile(id, '/data/missing')).toBeUndefined();
    });

    it('are not written to a missing directory', async () => {
      const id = await create(subject, name('no-directory'), { mounts: mounts(name('no-directory')) });
      const files = [{ kind: 'file', name: 'one', content: '' } as const];
      await expect(engine.writeFiles(id, '/data/missing', files)).rejects.toMatchObject({ code: 'ENGINE_ERROR' });
      expect((await read(id, '/data')).map((entry) => entry.name)).toEqual(['']);
    });

    it('in a volume are shared by its containers, and stay without one', async () => {
      const volume = name('shared');
      const writer = await create(subject, name('writer'), { mounts: mounts(volume) });
      await engine.writeFiles(writer, '/data', [{ kind: 'file', name: 'one', content: 'shared' }]);
      await engine.removeContainer(writer);
      const reader = await run(subject, name('reader'), { mounts: mounts(volume) });
      expect((await read(reader, '/data/one'))[0]?.content?.toString()).toBe('shared');
    });

    it('outside of volumes belong to one container', async () => {
      const [one, other] = [await create(subject, name('apart-1')), await create(subject, name('apart-2'))];
      await engine.writeFiles(one, '/tmp', [{ kind: 'file', name: 'own', content: 'own' }]);
      expect((await read(one, '/tmp/own'))[0]?.content?.toString()).toBe('own');
      expect(await read(other, '/tmp/own')).toEqual([]);
    });
  });
}
