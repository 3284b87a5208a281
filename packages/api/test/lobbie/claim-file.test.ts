import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { claimFile, type FileClaim } from '../../src/lobbie/claim-file.ts';
import { FILE_NAME, makeFileName } from '../../src/lobbie/file-name.ts';
import { temporaryDirectories } from './start-api.ts';

const claimIn = (directories: { history: string; files: string }, changes: Partial<FileClaim> = {}): FileClaim => ({
  historyDirectory: directories.history,
  fileDirectory: directories.files,
  container: 'c'.repeat(64),
  host: 'one',
  makeName: makeFileName,
  now: () => new Date('2026-01-02T03:04:05.678Z'),
  ...changes,
});

describe('claimFile', () => {
  it('makes an empty file, and an entry that tells container, host and time', async () => {
    using directories = temporaryDirectories();
    const name = await claimFile(claimIn(directories));
    expect(name).toMatch(FILE_NAME);
    expect(name).toHaveLength('include-me-.txt'.length + 21);
    expect(readFileSync(join(directories.files, name), 'utf8')).toBe('');
    const entry = join(directories.history, name);
    expect(readFileSync(entry, 'utf8')).toBe(
      `{"container":"${'c'.repeat(64)}","host":"one","madeAt":"2026-01-02T03:04:05.678Z"}\n`,
    );
    expect(statSync(entry).mtimeMs).toBe(Date.parse('2026-01-02T03:04:05.678Z'));
    expect(readdirSync(directories.history)).toEqual([name]);
  });

  it('keeps file and entry of a container that is started again', async () => {
    using directories = temporaryDirectories();
    const first = await claimFile(claimIn(directories));
    expect(await claimFile(claimIn(directories, { now: () => new Date() }))).toBe(first);
    expect(readdirSync(directories.history)).toEqual([first]);
    expect(readdirSync(directories.files)).toEqual([first]);
  });

  it('enters a file whose entry was never made, or was lost', async () => {
    using directories = temporaryDirectories();
    const first = await claimFile(claimIn(directories));
    rmSync(join(directories.history, first));
    expect(await claimFile(claimIn(directories))).toBe(first);
    expect(readdirSync(directories.history)).toEqual([first]);
  });

  it('takes another name when the one of its file belongs to another container', async () => {
    using directories = temporaryDirectories();
    writeFileSync(join(directories.files, 'include-me-taken.txt'), '');
    writeFileSync(
      join(directories.history, 'include-me-taken.txt'),
      '{"container":"other","host":"two","madeAt":"x"}\n',
    );
    const name = await claimFile(claimIn(directories));
    expect(name).not.toBe('include-me-taken.txt');
    expect(readdirSync(directories.files)).toEqual([name]);
    expect(readFileSync(join(directories.history, 'include-me-taken.txt'), 'utf8')).toContain('other');
  });

  it('gives each of fifty processes that want one name a name of its own', async () => {
    using directories = temporaryDirectories();
    const entry = fileURLToPath(new URL('race-entry.ts', import.meta.url));
    const racers = Array.from({ length: 50 }, (_, index) => {
      const files = directories.make(`files-${index}`);
      const child = spawn(process.execPath, [entry, directories.history, files, `own${index}`], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdout.setEncoding('utf8');
      return { child, files };
    });
    await Promise.all(racers.map(({ child }) => once(child.stdout, 'data')));
    const won = await Promise.all(
      racers.map(async ({ child, files }) => {
        const said = once(child.stdout, 'data');
        child.stdin.write('go');
        const name = String((await said)[0]).trim();
        expect(readdirSync(files)).toEqual([name]);
        return name;
      }),
    );
    expect(new Set(won).size).toBe(50);
    expect(won).toEqual(expect.arrayContaining(['include-me-first.txt', 'include-me-second.txt']));
    expect(readdirSync(directories.history).sort()).toEqual(won.sort());
  });

  it.each([
    ['HISTORY_DIR', { historyDirectory: '/nowhere/at/all' }],
    ['FILE_DIR', { fileDirectory: '/nowhere/at/all' }],
  ])('says which directory is missing (%s)', async (variable, changes) => {
    using directories = temporaryDirectories();
    await expect(claimFile(claimIn(directories, changes))).rejects.toThrow(
      `${variable}: /nowhere/at/all is missing; mount or create the directory.`,
    );
    expect(readdirSync(directories.history)).toEqual([]);
  });
});
