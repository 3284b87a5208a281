import { type BenchRecord, keyOf } from './record.ts';
import type { Row } from './row.ts';
import { alignColumns } from './table.ts';
import { ratioWords, rowName } from './words.ts';

/** The ratios of this run beside the committed ones. Only ratios: seconds of two machines say nothing together. */
export function againstRecord(rows: readonly Row[], record: BenchRecord): string {
  const committed = new Map(record.rows.map((row) => [keyOf(row), row]));
  const lines = rows.flatMap((row) =>
    row.rivals.map(({ name, ratio }) => {
      const before = committed.get(keyOf(row))?.rivals.find((rival) => rival.name === name);
      return [rowName(row), name, ratioWords(ratio), before === undefined ? 'not measured' : ratioWords(before.ratio)];
    }),
  );
  return alignColumns([['what', 'rival', 'now', 'committed'], ...lines]);
}
