import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryListing } from '../../src/lobbie/history-listing.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lobbie-history-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function add(name: string, madeAtSeconds: number): void {
  writeFileSync(join(directory, name), '{}\n');
  utimesSync(join(directory, name), madeAtSeconds, madeAtSeconds);
}

const names = async (listing: HistoryListing) => (await listing.read()).map(({ name }) => name);

describe('HistoryListing', () => {
  it('orders by the time a file was made, then by name', async () => {
    add('include-me-b.txt', 100);
    add('include-me-a.txt', 200);
    add('include-me-Z.txt', 100);
    const listing = new HistoryListing(directory, Date.now);
    expect(await names(listing)).toEqual(['include-me-Z.txt', 'include-me-b.txt', 'include-me-a.txt']);
  });

  it('lists regular files that match the pattern, and nothing else', async () => {
    add('include-me-a.txt', 1);
    for (const name of [
      '.gitkeep',
      'include-me-.txt',
      'include-me-a-b.txt',
      '.include-me-c.txt.x.draft',
      'include-me-d.txt.bak',
    ]) {
      add(name, 1);
    }
    mkdirSync(join(directory, 'include-me-folder.txt'));
    symlinkSync('include-me-a.txt', join(directory, 'include-me-link.txt'));
    expect(await names(new HistoryListing(directory, Date.now))).toEqual(['include-me-a.txt']);
  });

  it('sees each of many files that are added and removed within the clock of the file system', async () => {
    const listing = new HistoryListing(directory, Date.now);
    for (let index = 0; index < 300; index += 1) {
      add(`include-me-${index}.txt`, index + 1);
      expect(await listing.read()).toHaveLength(index + 1);
    }
    for (let index = 0; index < 100; index += 1) {
      rmSync(join(directory, `include-me-${index}.txt`));
      expect(await listing.read()).toHaveLength(299 - index);
    }
  });

  it('does not trust a reading that fell into the tick in which the directory changed', async () => {
    const changedAtMs = Date.now() - 60_000;
    const listing = new HistoryListing(directory, () => changedAtMs + 10);
    add('include-me-a.txt', 1);
    utimesSync(directory, changedAtMs / 1000, changedAtMs / 1000);
    expect(await listing.read()).toHaveLength(1);
    add('include-me-b.txt', 2);
    utimesSync(directory, changedAtMs / 1000, changedAtMs / 1000);
    expect(await listing.read()).toHaveLength(2);
  });

  it('gives callers that come together what was there when each of them came', async () => {
    const listing = new HistoryListing(directory, Date.now);
    const readings = [];
    for (let index = 0; index < 50; index += 1) {
      add(`include-me-${index}.txt`, index + 1);
      const least = index + 1;
      readings.push(listing.read().then((files) => expect(files.length).toBeGreaterThanOrEqual(least)));
      if (index % 7 === 0) await new Promise(setImmediate);
    }
    await Promise.all(readings);
  });

  it('rejects when the directory is gone', async () => {
    await expect(new HistoryListing(join(directory, 'nowhere'), Date.now).read()).rejects.toThrow(/ENOENT/);
  });
});
