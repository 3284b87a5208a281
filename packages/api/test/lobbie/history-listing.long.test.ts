import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryListing } from '../../src/lobbie/history-listing.ts';
import { pageOf } from '../../src/lobbie/page-of.ts';

describe('a history of 10^6 files', () => {
  const COUNT = 1_000_000;
  let large: string;
  beforeEach(() => {
    // In memory, where there is such a file system: disks take a minute to make so many files.
    const parent = process.platform === 'linux' ? '/dev/shm' : tmpdir();
    large = mkdtempSync(join(parent, 'lobbie-large-'));
    // Links to one file: a file each would take twice the time to make and to remove.
    writeFileSync(join(large, 'seed'), '');
    for (let index = 0; index < COUNT; index += 1) {
      linkSync(join(large, 'seed'), join(large, `include-me-${1_000_000 + index}.txt`));
    }
  });
  afterEach(() => rmSync(large, { recursive: true }));

  it('is read once, gives other requests their turn meanwhile, and then gives pages in no time', async () => {
    const listing = new HistoryListing(large, Date.now);
    let turns = 0;
    const beat = setInterval(() => {
      turns += 1;
    }, 5);
    const began = performance.now();
    expect(await listing.read()).toHaveLength(COUNT);
    const readMs = performance.now() - began;
    clearInterval(beat);

    const middle = listing.find('include-me-1500000.txt');
    const took: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const start = performance.now();
      const page = pageOf(await listing.read(), {
        limit: 1000,
        own: '',
        ...(middle === undefined ? {} : { after: middle }),
      });
      took.push(performance.now() - start);
      expect(page.files).toHaveLength(1000);
    }
    took.sort((a, b) => a - b);
    // Not read again: how long a page takes in milliseconds is the machine's.
    expect(took[10]).toBeLessThan(readMs / 10);
    // Read in one go, it would block for seconds.
    expect(turns).toBeGreaterThan(10);
  });
});
