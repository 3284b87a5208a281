import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { archivedNames } from '../../src/commands/archived-names.ts';
import { temporaryDirectory } from '../cli/temporary-directory.ts';

async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return buffer(tar);
}

const layer = { 'abc/layer.tar': 'x'.repeat(100_000) };
const manifest = (...names: (string[] | null)[]) => ({
  'manifest.json': JSON.stringify(names.map((RepoTags) => ({ Config: 'abc.json', RepoTags, Layers: [] }))),
});

async function namesIn(content: Buffer): Promise<string[]> {
  using home = temporaryDirectory();
  const file = join(home.path, 'a.tar');
  writeFileSync(file, content);
  return await archivedNames(file);
}

describe('archivedNames', () => {
  it.each([
    [['a:1'], [['a:1']]],
    [
      ['a:1', 'b:1', 'b:2'],
      [['a:1'], ['b:1', 'b:2']],
    ],
    [[], [null]],
    [[], []],
  ])('gives %j', async (expected, names) => {
    const content = await archive({ ...layer, ...manifest(...names) });
    expect(await namesIn(content)).toEqual(expected);
    expect(await namesIn(gzipSync(content))).toEqual(expected);
  });

  it('finds that an archive was cut short, wherever the manifest lies', async () => {
    const whole = await archive({ ...manifest(['a:1']), ...layer });
    for (const content of [whole, gzipSync(whole)])
      await expect(namesIn(content.subarray(0, content.length / 2))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/^Could not read .*a\.tar: it is incomplete\.$/),
      });
  });

  it.each([
    ['text', () => Buffer.from('hello\n'.repeat(200)), /it is not a tar archive/],
    ['an archive of something else', () => archive(layer), /is not an archive of an image/],
    ['a manifest that is no JSON', () => archive({ 'manifest.json': '[' }), /is not an archive of an image/],
    ['a manifest of another form', () => archive({ 'manifest.json': '{"RepoTags":1}' }), /is not an archive of an/],
    ['nothing', () => Buffer.alloc(0), /is not an archive of an image/],
  ])('refuses %s', async (_, content, message) => {
    await expect(namesIn(await content())).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
      hint: 'Write it with: lobbie ingress-image --save <file>',
    });
  });

  it('says that a file is missing, or a directory', async () => {
    using home = temporaryDirectory();
    mkdirSync(join(home.path, 'd'));
    await expect(archivedNames(join(home.path, 'none'))).rejects.toThrow('none: the file does not exist.');
    await expect(archivedNames(join(home.path, 'd'))).rejects.toThrow('d: it is a directory.');
  });
});
