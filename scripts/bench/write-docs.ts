import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plotsOf, writePage } from './page.ts';
import { type BenchRecord, mergeRecord, readRecord, writeRecord } from './record.ts';
import { SCENARIOS } from './scenarios.ts';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const PAGE = join(DOCS, 'benchmarks.md');
const PLOTS = join(DOCS, 'benchmarks');

/** Writes new figures into docs/benchmarks.json, docs/benchmarks.md and docs/benchmarks/. */
export async function writeDocs(found: BenchRecord): Promise<void> {
  const order = SCENARIOS.map(({ name }) => name);
  const record = mergeRecord(await readRecord(), found, order);
  await writeRecord(record);
  await writeFile(PAGE, writePage(await readFile(PAGE, 'utf8'), record));
  await rm(PLOTS, { recursive: true, force: true });
  await mkdir(PLOTS, { recursive: true });
  for (const [file, svg] of plotsOf(record)) await writeFile(join(PLOTS, file), svg);
}
