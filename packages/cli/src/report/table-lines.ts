import stringWidth from 'string-width';
import { fit, type Style } from './style.ts';

/** One column of a table: its title and how it shrinks on a narrow terminal. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly paint?: (cell: string, row: Row) => string;
  readonly align?: 'right';
  /** The columns with the lowest rank are shortened first, then dropped. The highest is never dropped. */
  readonly rank: number;
  /** The width it can be shortened to. Without it, the column is shown whole or not at all. */
  readonly min?: number;
}

/** A table without borders, indented by two. Columns without content are left out. */
export const tableLines = <Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string[] => {
  const sized = columns.map((column): Sized<Row> => {
    const cells = rows.map(column.cell);
    // There may be more rows than a function takes arguments.
    const widest = cells.reduce((width, cell) => Math.max(width, stringWidth(cell)), 0);
    return { column, cells, width: Math.max(stringWidth(column.title), widest) };
  });
  const filled = sized.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const shown = shrink(filled, style.width);
  const line = (textOf: (one: Sized<Row>) => string, paint: (cut: string, one: Sized<Row>) => string): string =>
    `  ${shown
      .map((one) => {
        const cut = fit(textOf(one), one.width, style, 'middle');
        const padding = ' '.repeat(Math.max(0, one.width - stringWidth(cut)));
        return one.column.align === 'right' ? padding + paint(cut, one) : paint(cut, one) + padding;
      })
      .join(GAP)}`.trimEnd();
  return [
    line(
      ({ column }) => column.title,
      (cut) => style.chalk.dim(cut),
    ),
    ...rows.map((row, at) =>
      line(
        ({ cells }) => cells[at] || style.glyphs.none,
        (cut, { cells, column }) => (cells[at] === '' ? style.chalk.dim(cut) : (column.paint?.(cut, row) ?? cut)),
      ),
    ),
  ];
};

const GAP = '  ';

interface Sized<Row> {
  readonly column: Column<Row>;
  /** The text of each row. */
  readonly cells: readonly string[];
  readonly width: number;
}

/** Takes the missing width from the least important columns: shortens them if that is enough, else drops them. */
const shrink = <Row>(sized: readonly Sized<Row>[], available: number): readonly Sized<Row>[] => {
  const excess = sized.reduce((sum, { width }) => sum + width + GAP.length, 0) - available;
  if (excess <= 0) return sized;
  const least = sized.reduce((a, b) => (b.column.rank < a.column.rank ? b : a));
  const shortened = Math.max(least.width - excess, 4);
  const enough = shortened === least.width - excess && shortened >= (least.column.min ?? least.width);
  if (enough || sized.length === 1) {
    return sized.map((one) => (one === least ? { ...least, width: shortened } : one));
  }
  return shrink(
    sized.filter((one) => one !== least),
    available,
  );
};
