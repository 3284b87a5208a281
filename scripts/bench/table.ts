import type { Row } from './row.ts';
import { barWords, ratioWords, rowName, spreadWords, verdictWords } from './words.ts';

export const HEAD = ['what', 'lobbie', 'rival', '', 'ratio', 'bar', ''] as const;

/** One line of cells for each rival of a row, and one for its limit. Only the first has the name and lobbie's figure. */
export function cellsOf(row: Row): string[][] {
  const { rivals, limit, unit, better } = row;
  const against = rivals.map(({ name, summary, ratio, verdict }) => [
    name,
    spreadWords(summary, unit),
    ratioWords(ratio),
    barWords(verdict, better),
    verdictWords(verdict),
  ]);
  if (limit !== undefined) against.push(['limit', '', '', barWords(limit, better, unit), verdictWords(limit)]);
  const start = [rowName(row), spreadWords(row.lobbie, unit)];
  return against.map((cells, at) => [...(at === 0 ? start : ['', '']), ...cells]);
}

/** The figures for a terminal. */
export const textTable = (rows: readonly Row[]): string => alignColumns([[...HEAD], ...rows.flatMap(cellsOf)]);

/** Lines of cells, with columns as wide as their longest cell. */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...lines.map((cells) => [...(cells[column] ?? '')].length));
  const widths = (lines[0] ?? []).map((_, column) => width(column));
  return lines
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A table in Markdown. */
export const markdownTable = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
