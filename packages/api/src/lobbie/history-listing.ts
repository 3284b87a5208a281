import { lstatSync } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_NAME } from './file-name.ts';
import { byAge, type ListedFile } from './listed-file.ts';
import { mergeListings } from './merge-listings.ts';

/** Names read from the directory in one go, and looked at before other requests get their turn. */
const BATCH = 512;

/**
 * The files of the history, oldest first, kept in memory and read again only when the directory has changed; then only
 * files that are new are looked at. The time a file was made is its modification time, which publishEntry sets: asking
 * the file system costs a tenth of reading the entries.
 */
export class HistoryListing {
  readonly #directory: string;
  readonly #nowMs: () => number;
  #sorted: readonly ListedFile[] = [];
  #known = new Map<string, ListedFile>();
  /** The directory's time that the listing belongs to; undefined when a change could have gone unnoticed. */
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

  /** Every file that was there when this was called. */
  async read(): Promise<readonly ListedFile[]> {
    const before = this.#scans;
    for (;;) {
      const { mtimeNs } = await stat(this.#directory, { bigint: true });
      if (mtimeNs === this.#trusted) return this.#sorted;
      // A scan that began before this call may have missed what was made in between: it is waited for, not believed.
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

  /** Undefined for what is no regular file, or is gone. */
  #look(name: string): ListedFile | undefined {
    const found = lstatSync(join(this.#directory, name), { throwIfNoEntry: false });
    return found?.isFile() ? { name, madeAtMs: found.mtimeMs } : undefined;
  }
}

/**
 * How far apart two changes have to be so that the directory's time tells them apart: the kernel's clock ticks every
 * 10 ms at worst, and a file system that keeps whole seconds every 2 s.
 */
const granularityMs = (mtimeNs: bigint): number => (mtimeNs % 1_000_000_000n === 0n ? 2000 : 50);
