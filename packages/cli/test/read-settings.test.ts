import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_IMAGES } from '../src/model/base-images.ts';
import { readSettings } from '../src/read-settings.ts';

describe('readSettings', () => {
  let cwd = '';
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'lobbie-settings-'));
    await writeFile(join(cwd, '.env'), '# a comment\nLOBBIE_PORT=9090\nLOBBIE_NODE_IMAGE="mine:24"\n');
  });
  afterAll(() => rm(cwd, { recursive: true }));

  it('has defaults where nothing is set', async () => {
    expect(await readSettings({ env: {}, cwd: '/nowhere' })).toEqual({
      nodeImage: BASE_IMAGES.node,
      debianImage: BASE_IMAGES.debian,
      ingressImage: '',
      port: 8080,
    });
  });
  it('reads .env, and lets the environment win over it', async () => {
    expect(await readSettings({ env: {}, cwd })).toMatchObject({ port: 9090, nodeImage: 'mine:24' });
    expect(await readSettings({ env: { LOBBIE_PORT: '0' }, cwd })).toMatchObject({ port: 0, nodeImage: 'mine:24' });
  });
  it('reads the env files that are named instead, the last one first', async () => {
    await writeFile(join(cwd, 'a.env'), 'LOBBIE_PORT=1\nLOBBIE_DEBIAN_IMAGE=a\n');
    await writeFile(join(cwd, 'b.env'), 'LOBBIE_PORT=2\n');
    expect(await readSettings({ env: {}, cwd, envFiles: ['a.env', join(cwd, 'b.env'), 'none.env'] })).toEqual({
      nodeImage: BASE_IMAGES.node,
      debianImage: 'a',
      ingressImage: '',
      port: 2,
    });
  });
  it('takes an empty variable for one that is not set', async () => {
    expect(await readSettings({ env: { LOBBIE_PORT: '' }, cwd: '/nowhere' })).toMatchObject({ port: 8080 });
  });
  it.each(['http', '65536', '-1', '80.5', ' '])('names the variable when the port is "%s"', async (port) => {
    await expect(readSettings({ env: { LOBBIE_PORT: port }, cwd })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('LOBBIE_PORT: expected a port from 0 to 65535'),
    });
  });
});
