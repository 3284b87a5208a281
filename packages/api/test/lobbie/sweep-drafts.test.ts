import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { buildLobbie } from '../../src/lobbie/build-lobbie.ts';
import { lobbieShape } from '../../src/lobbie/lobbie-config.ts';
import { publishEntry } from '../../src/lobbie/publish-entry.ts';
import { DRAFT_STALE_MS, sweepDrafts } from '../../src/lobbie/sweep-drafts.ts';
import { parseConfig } from '../../src/service/parse-config.ts';
import { startApi, temporaryDirectories } from './start-api.ts';

const draftName = (of = 'a'): string => `.include-me-${of}.txt.${randomUUID()}.draft`;

/** A file that was last written so long ago. */
function put(directory: string, name: string, ageMs: number): void {
  writeFileSync(join(directory, name), '{}\n');
  const at = (Date.now() - ageMs) / 1000;
  utimesSync(join(directory, name), at, at);
}

describe('sweepDrafts', () => {
  it('removes drafts that are older than a start can take, and nothing else', async () => {
    using directories = temporaryDirectories();
    const { history } = directories;
    const old = 2 * DRAFT_STALE_MS;
    const kept = ['include-me-a.txt', '.gitkeep', '.include-me-a.txt.draft', '.include-me-a.txt.x.draft', 'x.draft'];
    for (const name of kept) put(history, name, old);
    const young = draftName('young');
    put(history, young, DRAFT_STALE_MS / 2);
    const folder = draftName('folder');
    mkdirSync(join(history, folder));
    const link = draftName('link');
    symlinkSync('include-me-a.txt', join(history, link));
    for (const name of ['one', 'two', 'three']) put(history, draftName(name), old);
    expect(await sweepDrafts(history, Date.now())).toBe(3);
    expect(readdirSync(history).sort()).toEqual([...kept, young, folder, link].sort());
    expect(await sweepDrafts(history, Date.now() + DRAFT_STALE_MS)).toBe(1);
    expect(existsSync(join(history, young))).toBe(false);
  });

  it('is done by the next container that starts, which publishes its own file', async () => {
    using directories = temporaryDirectories();
    const { history } = directories;
    put(history, draftName(), 2 * DRAFT_STALE_MS);
    const young = draftName();
    put(history, young, 0);
    const api = await startApi({ HISTORY_DIR: history, FILE_DIR: directories.files });
    const drafts = (): string[] => readdirSync(history).filter((name) => name.endsWith('.draft'));
    await vi.waitFor(() => expect(drafts()).toEqual([young]), 20_000);
    expect(readdirSync(history).filter((name) => name.endsWith('.txt'))).toHaveLength(1);
    api.process.kill('SIGKILL');
    await api.ended;
  });

  it('is done again once drafts that were young at the start are old', async () => {
    using directories = temporaryDirectories();
    const { history } = directories;
    put(history, draftName(), 0);
    let nowMs = Date.now();
    const config = parseConfig(lobbieShape, { HISTORY_DIR: history, LOG_LEVEL: 'silent' });
    const file = Promise.resolve('include-me-own.txt');
    const { app } = await buildLobbie({ config, file, nowMs: () => nowMs, version: '1', sweepAgainMs: 50 });
    nowMs += DRAFT_STALE_MS + 1000;
    await app.listen({ host: '127.0.0.1', port: 0 });
    await vi.waitFor(() => expect(readdirSync(history)).toEqual([]), 20_000);
    await app.close();
  });
});

describe('publishEntry', () => {
  const entry = { container: null, host: 'a', madeAt: new Date().toISOString() };

  it('writes its draft again when that was taken for one of a dead start', async () => {
    using directories = temporaryDirectories();
    const { history } = directories;
    let taken = 0;
    // Takes away every draft it sees, three times.
    const taking = (async () => {
      while (taken < 3) {
        for (const name of readdirSync(history).filter((each) => each.endsWith('.draft'))) {
          unlinkSync(join(history, name));
          taken += 1;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    // Each takes long enough to be seen: its draft is synced to the disk before it is linked.
    for (let index = 0; taken < 3; index += 1) {
      expect(await publishEntry(history, `include-me-${index}.txt`, entry)).toBe(true);
      expect(existsSync(join(history, `include-me-${index}.txt`))).toBe(true);
    }
    await taking;
    expect(readdirSync(history).every((name) => /^include-me-\d+\.txt$/.test(name))).toBe(true);
  });

  it('rejects where the history itself is gone', async () => {
    using directories = temporaryDirectories();
    await expect(publishEntry(join(directories.history, 'none'), 'include-me-a.txt', entry)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
