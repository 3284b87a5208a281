import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

/** The committed figures: docs/benchmarks.json. */
export interface BenchRecord {
  readonly machine: Machine;
  readonly rows: readonly DatedRow[];
}

export interface DatedRow extends Row {
  /** Day of the run, ISO 8601. All figures of a row are of one run. */
  readonly takenOn: string;
}

const FILE = fileURLToPath(new URL('../../docs/benchmarks.json', import.meta.url));

/** The committed figures; undefined if there are none. */
export async function readRecord(): Promise<BenchRecord | undefined> {
  const text = await readFile(FILE, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  // Only this program writes the file.
  return text === undefined ? undefined : (JSON.parse(text) as BenchRecord);
}

export const writeRecord = (record: BenchRecord): Promise<void> =>
  writeFile(FILE, `${JSON.stringify(record, null, 2)}\n`);

/**
 * New rows replace those of the same scenario, metric and size; the others stay. Figures of another machine are not
 * kept beside them.
 *
 * @param order the names of all scenarios; rows of others are dropped
 */
export function mergeRecord(
  before: BenchRecord | undefined,
  { machine, rows }: BenchRecord,
  order: readonly string[],
): BenchRecord {
  const kept = before !== undefined && isSame(before.machine, machine) ? before.rows : [];
  const all = new Map([...kept, ...rows].map((row) => [keyOf(row), row]));
  const place = ({ scenario }: Row): number => order.indexOf(scenario);
  const known = [...all.values()].filter((row) => place(row) >= 0);
  return { machine, rows: known.toSorted((a, b) => place(a) - place(b) || a.size - b.size) };
}

/** Names one row among all. */
export const keyOf = ({ scenario, metric, size }: Row): string => `${scenario} ${metric} ${size}`;

/** Versions of the programs may differ: each row has its own day. */
const isSame = (a: Machine, b: Machine): boolean => a.cpu === b.cpu && a.cores === b.cores && a.memoryGb === b.memoryGb;
