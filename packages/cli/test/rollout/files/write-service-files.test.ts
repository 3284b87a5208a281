import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/model/engine.ts';
import type { NewFile } from '../../../src/model/engine-file.ts';
import type { ServiceFile } from '../../../src/model/service.ts';
import type { PlacedFile } from '../../../src/rollout/files/place-files.ts';
import { writeServiceFiles } from '../../../src/rollout/files/write-service-files.ts';
import { scriptedEngine } from '../scripted-engine.ts';

const file = (target: string, change: Partial<ServiceFile> = {}): ServiceFile => ({
  kind: 'config',
  name: 'it',
  target,
  content: Buffer.from('text').toString('base64'),
  ...change,
});

/** What is written, and where, into a container that has these directories. */
async function written(files: ServiceFile[], there: readonly string[]) {
  const writes: { directory: string; entries: readonly NewFile[] }[] = [];
  const engine: Engine = {
    ...scriptedEngine(),
    statFile: async (_container, path) =>
      there.includes(path) ? { kind: 'directory', mode: 0o755, uid: 0, gid: 0 } : undefined,
    writeFiles: async (_container, directory, entries) => void writes.push({ directory, entries }),
  };
  const placed = files.map((one): PlacedFile => {
    const directory = one.kind === 'secret' ? { directory: '/run/secrets' } : {};
    return { file: one, path: one.target, way: 'copy', ...directory };
  });
  await writeServiceFiles(engine, 'c', { placed, owner: { uid: 1005, gid: 7 }, mounts: [] });
  return writes;
}

describe('writeServiceFiles', () => {
  it('writes content, owner and mode into a directory that is there', async () => {
    const secret = file('/run/secrets/key', { kind: 'secret', uid: 103, gid: 104, mode: 0o400 });
    expect(await written([secret], [])).toEqual([
      {
        directory: '/run/secrets',
        entries: [{ kind: 'file', name: 'key', content: Buffer.from('text'), uid: 103, gid: 104, mode: 0o400 }],
      },
    ]);
  });

  it('makes the directories that are missing, and touches no other', async () => {
    const [write] = await written([file('/etc/app/conf.d/x.conf')], ['/etc']);
    expect(write).toMatchObject({ directory: '/etc' });
    expect(write?.entries.map(({ kind, name }) => [kind, name])).toEqual([
      ['directory', 'app'],
      ['directory', 'app/conf.d'],
      ['file', 'app/conf.d/x.conf'],
    ]);
  });

  it.each([
    [{}, { uid: 1005, gid: 7, mode: 0o444 }],
    [{ uid: 0 }, { uid: 0, gid: 7, mode: 0o444 }],
    [
      { gid: 0, mode: 0o400 },
      { uid: 1005, gid: 0, mode: 0o400 },
    ],
  ])('gives a file that says %j to the user of the container as far as it says nothing else', async (said, owner) => {
    const [write] = await written([file('/app.conf', said)], []);
    expect(write?.entries).toMatchObject([owner]);
  });

  it('writes nothing of what is mounted', async () => {
    const writes: unknown[] = [];
    const engine: Engine = { ...scriptedEngine(), writeFiles: async (...call) => void writes.push(call) };
    const placed: PlacedFile[] = [
      { file: file('/data/a'), path: '/data/a', way: 'bind', source: '/srv/a' },
      { file: file('/data/b'), path: '/data/b', way: 'volume' },
    ];
    await writeServiceFiles(engine, 'c', { placed, owner: { uid: 0, gid: 0 }, mounts: [] });
    expect(writes).toEqual([]);
  });

  it('writes a file in the root directory', async () => {
    const [write] = await written([file('/app.conf')], []);
    expect(write).toMatchObject({ directory: '/', entries: [{ kind: 'file', name: 'app.conf' }] });
  });
});
