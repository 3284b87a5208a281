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
  const filled = columns.filter((column) => rows.some((row) => column.cell(row) !== ''));
  const shown = shrink(
    filled.map((column) => ({
      column,
      width: Math.max(stringWidth(column.title), ...rows.map((row) => stringWidth(column.cell(row)))),
    })),
    style.width,
  );
  const line = (cells: readonly { text: string; painted: (text: string) => string }[]) =>
    `  ${cells
      .map(({ text, painted }, index) => {
        const { column, width } = shown[index] as Sized<Row>;
        const cut = fit(text, width, style, 'middle');
        const padding = ' '.repeat(Math.max(0, width - stringWidth(cut)));
        return column.align === 'right' ? padding + painted(cut) : painted(cut) + padding;
      })
      .join(GAP)}`.trimEnd();
  return [
    line(shown.map(({ column }) => ({ text: column.title, painted: style.chalk.dim }))),
    ...rows.map((row) =>
      line(
        shown.map(({ column }) => ({
          text: column.cell(row) || style.glyphs.none,
          painted: (cut) => (column.cell(row) === '' ? style.chalk.dim(cut) : (column.paint?.(cut, row) ?? cut)),
        })),
      ),
    ),
  ];
};

const GAP = '  ';

interface Sized<Row> {
  readonly column: Column<Row>;
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
