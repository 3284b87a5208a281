import { lstatSync } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_NAME } from './file-name.ts';
import { byAge, type ListedFile } from './listed-file.ts';
import { mergeListings } from './merge-listings.ts';

/** How many names to read from the directory and check before other requests get their turn. */
const BATCH = 512;

/**
 * The files of the history, oldest first. Kept in memory, and read again only if the directory has changed; then only
 * new files are checked. A file's time is its modification time, which publishEntry sets: reading it takes a tenth of
 * the time of reading the entries.
 */
export class HistoryListing {
  readonly #directory: string;
  readonly #nowMs: () => number;
  #sorted: readonly ListedFile[] = [];
  #known = new Map<string, ListedFile>();
  /** The directory's time that the listing belongs to; undefined if a change could have been missed. */
  #trusted: bigint | undefined;
  #scan: Promise<void> | undefined;
  #scans = 0;

  constructor(directory: string, nowMs: () => number) {
    this.#directory = directory;
    this.#nowMs = nowMs;
  }

  /** A file by name, as of the last reading. */
  find(name: string): ListedFile | undefined {
    return this.#known.get(name);
  }

  /** Every file that existed at the time of the call. */
  async read(): Promise<readonly ListedFile[]> {
    const before = this.#scans;
    for (;;) {
      const { mtimeNs } = await stat(this.#directory, { bigint: true });
      if (mtimeNs === this.#trusted) return this.#sorted;
      // A scan that began before this call may have missed newer files, so this waits for it but does not use its
      // result.
      const early = this.#scans === before;
      if (early && this.#scan === undefined) this.#scan = this.#startScan();
      const begunAfter = this.#scans > before;
      await this.#scan;
      if (begunAfter) return this.#sorted;
    }
  }

  #startScan(): Promise<void> {
    this.#scans += 1;
    return this.#readDirectory().finally(() => {
      this.#scan = undefined;
    });
  }

  async #readDirectory(): Promise<void> {
    this.#trusted = undefined;
    const startedMs = this.#nowMs();
    const { mtimeNs } = await stat(this.#directory, { bigint: true });
    const runs: ListedFile[][] = [];
    let run: ListedFile[] = [];
    const seen = new Set<string>();
    for await (const { name } of await opendir(this.#directory, { bufferSize: BATCH })) {
      if (!FILE_NAME.test(name)) continue;
      seen.add(name);
      if (this.#known.has(name)) continue;
      const file = this.#look(name);
      if (file === undefined) continue;
      run.push(file);
      if (run.length < BATCH) continue;
      runs.push(run.sort(byAge));
      run = [];
    }
    runs.push(run.sort(byAge));
    const kept = this.#sorted.every(({ name }) => seen.has(name))
      ? this.#sorted
      : this.#sorted.filter(({ name }) => seen.has(name));
    this.#sorted = await mergeListings([kept, ...runs]);
    for (const name of this.#known.keys()) if (!seen.has(name)) this.#known.delete(name);
    for (const added of runs) for (const file of added) this.#known.set(file.name, file);
    if (Number(mtimeNs) / 1e6 < startedMs - granularityMs(mtimeNs)) this.#trusted = mtimeNs;
  }

  /** Undefined if it is not a regular file, or is gone. */
  #look(name: string): ListedFile | undefined {
    const found = lstatSync(join(this.#directory, name), { throwIfNoEntry: false });
    return found?.isFile() ? { name, madeAtMs: found.mtimeMs } : undefined;
  }
}

/**
 * How far apart two changes must be for the directory's time to differ. The kernel's clock ticks at least every 10 ms;
 * a file system that stores whole seconds needs 2 s.
 */
const granularityMs = (mtimeNs: bigint): number => (mtimeNs % 1_000_000_000n === 0n ? 2000 : 50);
