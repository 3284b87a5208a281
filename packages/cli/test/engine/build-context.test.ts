import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packBuildContext, readBuildContext } from '../../src/engine/build-context.ts';
import { contextHash } from '../../src/engine/context-hash.ts';

let context = '';
beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 't-eng-'));
  await put('Dockerfile', 'FROM scratch\n');
});
afterEach(() => rm(context, { recursive: true, force: true }));

async function put(path: string, content = ''): Promise<void> {
  const file = join(context, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}

const sent = async (dockerfile = 'Dockerfile'): Promise<string[]> =>
  (await readBuildContext({ context, dockerfile })).entries.map(({ path }) => path);

describe('what a build sends', () => {
  it('is everything when nothing is ignored', async () => {
    await put('b/c.txt');
    await put('a.txt');
    expect(await sent()).toEqual(['Dockerfile', 'a.txt', 'b', 'b/c.txt']);
  });

  it.each<[string, string, string[]]>([
    ['a file', 'a.txt', ['Dockerfile', 'd', 'd/a.txt', 'd/b.md', 'd/e', 'd/e/f.md']],
    ['a directory with all below', 'd', ['Dockerfile', 'a.txt']],
    ['a directory named with slashes', '/d/', ['Dockerfile', 'a.txt']],
    ['a pattern in any directory', '**/*.md', ['Dockerfile', 'a.txt', 'd', 'd/a.txt', 'd/e']],
    ['all but an exception', '*\n!d/e/f.md', ['Dockerfile', 'd', 'd/e', 'd/e/f.md']],
    ['all but an excepted directory', '*\n!d/e', ['Dockerfile', 'd', 'd/e', 'd/e/f.md']],
    ['all but a wildcard exception', '*\n!**/*.md', ['Dockerfile', 'd', 'd/b.md', 'd/e', 'd/e/f.md']],
    ['an exception taken back', 'd\n!d/e\nd/e/f.md', ['Dockerfile', 'a.txt', 'd', 'd/e']],
    ['comments and blank lines', '# a.txt\n\n  d  \n', ['Dockerfile', 'a.txt']],
    ['the Dockerfile, which is sent all the same', 'Dockerfile\nd', ['Dockerfile', 'a.txt']],
    ['everything', '**', ['Dockerfile']],
    ['lines that end as on Windows', 'd\r\na.txt\r\n', ['Dockerfile']],
  ])('leaves out %s', async (_what, ignore, expected) => {
    for (const path of ['a.txt', 'd/a.txt', 'd/b.md', 'd/e/f.md']) await put(path);
    await put('.dockerignore', `${ignore}\n.dockerignore`);
    expect(await sent()).toEqual(expected);
  });

  it("goes by the Dockerfile's own ignore file before the common one", async () => {
    await put('.dockerignore', 'common');
    await put('deploy/api.Dockerfile', 'FROM scratch\n');
    await put('deploy/api.Dockerfile.dockerignore', 'own\n**/*.dockerignore\n.dockerignore');
    await put('own');
    await put('common');
    expect(await sent('deploy/api.Dockerfile')).toEqual(['Dockerfile', 'common', 'deploy', 'deploy/api.Dockerfile']);
  });

  it('sends a Dockerfile inside an ignored directory', async () => {
    await put('.dockerignore', '*');
    await put('deploy/Dockerfile', 'FROM scratch\n');
    await put('deploy/other');
    expect(await sent('./deploy/Dockerfile')).toEqual(['deploy', 'deploy/Dockerfile']);
  });

  it('has links as links, and no sockets', async () => {
    await symlink('/etc', join(context, 'etc'));
    const server = createServer().listen(join(context, 'socket'));
    try {
      const { entries } = await readBuildContext({ context, dockerfile: 'Dockerfile' });
      expect(entries).toEqual([
        { path: 'Dockerfile', kind: 'file' },
        { path: 'etc', kind: 'link' },
      ]);
    } finally {
      server.close();
    }
  });

  it('belongs to root, keeps modes and is exactly what was listed', async () => {
    await put('run.sh', '#!/bin/sh');
    await chmod(join(context, 'run.sh'), 0o755);
    await put('.dockerignore', 'no*\n!nope/but.txt\n.dockerignore');
    await put('no.txt');
    await put('nope/other.txt');
    await put('nope/but.txt', 'yes');
    const found: Record<string, unknown> = {};
    const tar = extract();
    packBuildContext(await readBuildContext({ context, dockerfile: 'Dockerfile' })).pipe(
      tar as unknown as NodeJS.WritableStream,
    );
    for await (const entry of tar) {
      const { name, mode, uid, gid } = entry.header;
      found[name] = { executable: (mode & 0o111) !== 0, uid, gid };
      entry.resume();
    }
    const owned = { uid: 0, gid: 0 };
    expect(found).toMatchObject({
      Dockerfile: { executable: false, ...owned },
      'run.sh': { executable: true, ...owned },
      'nope/but.txt': { executable: false, ...owned },
    });
    expect(Object.keys(found)).not.toContain('nope/other.txt');
    expect(Object.keys(found)).not.toContain('no.txt');
  });

  /** Names and texts in the archive that a build of this source sends. */
  const archived = async (source: Parameters<typeof readBuildContext>[0]) => {
    const read = await readBuildContext(source);
    const tar = extract();
    packBuildContext(read).pipe(tar as unknown as NodeJS.WritableStream);
    const texts: Record<string, string> = {};
    for await (const entry of tar) texts[entry.header.name] = await text(entry);
    return { dockerfile: read.dockerfile, texts };
  };

  it('has the Dockerfile of the Compose file under a name of its own, and no other is needed', async () => {
    await rm(join(context, 'Dockerfile'));
    await put('a', 'content');
    await put('.lobbie.Dockerfile', 'somebody else');
    const { dockerfile, texts } = await archived({ context, dockerfile: 'Dockerfile', dockerfileInline: 'FROM b\n' });
    expect(texts).toMatchObject({ [dockerfile]: 'FROM b\n', '.lobbie.Dockerfile': 'somebody else', a: 'content' });
    expect(Object.keys(texts)).not.toContain('Dockerfile');
  });

  it('goes by the common ignore file when the Dockerfile is in the Compose file', async () => {
    await put('Dockerfile.dockerignore', 'common');
    await put('.dockerignore', '*\n!common');
    await put('common');
    const { texts } = await archived({ context, dockerfile: 'Dockerfile', dockerfileInline: 'FROM b\n' });
    expect(Object.keys(texts).filter((name) => !name.includes('.lobbie'))).toEqual(['.', 'common']);
  });

  it('has a Dockerfile from outside of the context, with the ignore file beside that', async () => {
    await put('deploy/Dockerfile', 'FROM outside\n');
    await put('deploy/Dockerfile.dockerignore', 'ignored');
    await put('app/sent');
    await put('app/ignored');
    for (const path of ['../deploy/Dockerfile', join(context, 'deploy/Dockerfile')]) {
      const { dockerfile, texts } = await archived({ context: join(context, 'app'), dockerfile: path });
      expect(texts).toEqual({ '.': '', sent: '', [dockerfile]: 'FROM outside\n' });
    }
  });

  it.each(['./deploy/../Dockerfile', 'deploy//../Dockerfile'])('takes %s for a file inside', async (dockerfile) => {
    await put('deploy/x');
    const read = await readBuildContext({ context, dockerfile });
    expect(read).toMatchObject({ dockerfile: 'Dockerfile' });
    expect(read).not.toHaveProperty('dockerfileText');
  });

  it('is refused without a context or a Dockerfile', async () => {
    await expect(readBuildContext({ context: join(context, 'none'), dockerfile: 'Dockerfile' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(
      readBuildContext({ context: join(context, 'Dockerfile'), dockerfile: 'Dockerfile' }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('is not a directory'),
    });
    for (const dockerfile of ['Other', '../t-eng-nowhere/Dockerfile'])
      await expect(readBuildContext({ context, dockerfile })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('the hash of a build', () => {
  const hash = (more: object = {}, ids: string[] = ['sha256:base']): Promise<string> =>
    contextHash({ context, dockerfile: 'Dockerfile', args: {}, ...more }, ids);

  it('is 16 hex digits, the same for the same content whatever the times', async () => {
    await put('a', 'content');
    const first = await hash();
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    await utimes(join(context, 'a'), 1, 1);
    expect(await hash()).toBe(first);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['content', () => put('a', 'other')],
    ['a name', () => put('b', '')],
    ['the executable bit', () => chmod(join(context, 'a'), 0o755)],
    ['the Dockerfile', () => put('Dockerfile', 'FROM scratch\n# more\n')],
    ['an empty directory', () => mkdir(join(context, 'empty'))],
    ['a link', () => symlink('a', join(context, 'link'))],
    ['a file above a mebibyte', () => put('big', 'x'.repeat(3_000_000))],
  ])('changes with %s', async (_what, change) => {
    await put('a', 'content');
    const before = await hash();
    await change();
    expect(await hash()).not.toBe(before);
  });

  it('changes with args, target, platform, Dockerfile and base images, and not with their order', async () => {
    await put('Other', 'FROM scratch\n');
    const hashes = await Promise.all([
      hash(),
      hash({ args: { A: '1' } }),
      hash({ args: { A: '2' } }),
      hash({ target: 'x' }),
      hash({ platform: 'linux/arm64' }),
      hash({ dockerfile: 'Other' }),
      hash({}, ['sha256:other']),
      hash({}, ['a', 'b']),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await hash({}, ['b', 'a'])).toBe(hashes[7]);
    expect(await hash({ args: { B: '2', A: '1' } })).toBe(await hash({ args: { A: '1', B: '2' } }));
  });

  it('changes with labels, network, hosts and a Dockerfile in the Compose file', async () => {
    const hashes = await Promise.all([
      hash(),
      hash({ labels: { A: '1' } }),
      hash({ labels: { A: '2' } }),
      hash({ network: 'host' }),
      hash({ extraHosts: ['a:1.1.1.1'] }),
      hash({ dockerfileInline: 'FROM a\n' }),
      hash({ dockerfileInline: 'FROM b\n' }),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
    const [first] = hashes;
    expect(await hash({ tags: ['a:1'], noCache: true, pull: true, shmSizeBytes: 5 })).toBe(first);
    expect(await hash({ labels: { A: '1', B: '2' } })).toBe(await hash({ labels: { B: '2', A: '1' } }));
  });

  it('does not change with what is not sent', async () => {
    await put('.dockerignore', 'ignored');
    const before = await hash();
    await put('ignored', 'anything');
    expect(await hash()).toBe(before);
  });

  it('tells a link from a file that holds its target', async () => {
    await put('link', 'target');
    const file = await hash();
    await rm(join(context, 'link'));
    await symlink('target', join(context, 'link'));
    expect(await hash()).not.toBe(file);
  });
});
