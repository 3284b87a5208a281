import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildLobbie } from '../../src/lobbie/build-lobbie.ts';
import { lobbieShape } from '../../src/lobbie/lobbie-config.ts';
import { parseConfig } from '../../src/service/parse-config.ts';
import { temporaryDirectories } from './start-api.ts';

const OWN = 'include-me-own.txt';

async function lobbieWith(history: string, others: readonly string[] = []) {
  for (const [index, name] of [...others, OWN].entries()) {
    writeFileSync(join(history, name), '{}\n');
    utimesSync(join(history, name), index + 1, index + 1);
  }
  const config = parseConfig(lobbieShape, { HISTORY_DIR: history, LOG_LEVEL: 'silent' });
  const { app } = await buildLobbie({ config, file: Promise.resolve(OWN), nowMs: Date.now, version: '1.2.3' });
  return app;
}

describe("lobbie's routes", () => {
  it('greets and links', async () => {
    using directories = temporaryDirectories();
    const response = await (await lobbieWith(directories.history)).inject('/');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ message: expect.any(String), links: { file: '/file', files: '/files' } });
  });

  it('tells its own file, and lists it nowhere', async () => {
    using directories = temporaryDirectories();
    const app = await lobbieWith(directories.history);
    const file = await app.inject('/file');
    expect(file.headers['content-type']).toMatch(/^application\/json/);
    expect(file.body).toBe('{"file":"include-me-own.txt"}');
    expect((await app.inject('/files')).body).toBe('{"files":[]}');
  });

  it('lists the files of others, oldest first, and those made since', async () => {
    using directories = temporaryDirectories();
    const app = await lobbieWith(directories.history, ['include-me-z.txt', 'include-me-a.txt']);
    expect((await app.inject('/files')).json()).toEqual({ files: ['include-me-z.txt', 'include-me-a.txt'] });
    writeFileSync(join(directories.history, 'include-me-new.txt'), '{}\n');
    expect((await app.inject('/files')).json().files.at(-1)).toBe('include-me-new.txt');
  });

  it('pages', async () => {
    using directories = temporaryDirectories();
    const app = await lobbieWith(directories.history, ['include-me-c.txt', 'include-me-b.txt', 'include-me-a.txt']);
    expect((await app.inject('/files?limit=2')).json()).toEqual({
      files: ['include-me-c.txt', 'include-me-b.txt'],
      next: 'include-me-b.txt',
    });
    expect((await app.inject('/files?limit=2&after=include-me-b.txt')).json()).toEqual({ files: ['include-me-a.txt'] });
  });

  it.each([
    'limit=0',
    'limit=10001',
    'limit=x',
    'limit=',
    'limit=1.5',
    'limit=1e3',
    'limit=1E2',
    'limit=0x10',
    'limit=+5',
    'limit=%2B5',
    'limit=%205',
    'limit=5%20',
    'limit=05',
    'limit=5.0',
    'limit=-5',
    'limit=%D9%A5',
    'limit=true',
    'limit=null',
    'limit=Infinity',
    'limit=1&limit=2',
    'after=x',
    'after=include-me-no.txt',
  ])('refuses %s', async (query) => {
    using directories = temporaryDirectories();
    const response = await (await lobbieWith(directories.history)).inject(`/files?${query}`);
    expect([response.statusCode, Object.keys(response.json())]).toEqual([400, ['error']]);
  });

  it('answers 503 when the history is gone, without its path', async () => {
    using directories = temporaryDirectories();
    const app = await lobbieWith(directories.history);
    directories[Symbol.dispose]();
    const response = await app.inject('/files');
    expect([response.statusCode, response.body]).toEqual([503, '{"error":"The history cannot be read."}']);
  });

  it('answers POST with 405', async () => {
    using directories = temporaryDirectories();
    const response = await (await lobbieWith(directories.history)).inject({ method: 'POST', url: '/file' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});
