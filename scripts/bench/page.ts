import { plotSvg, type Series } from './plot.ts';
import type { BenchRecord, DatedRow } from './record.ts';
import { LOBBIE } from './scenario.ts';
import { fitPowerLaw } from './statistics.ts';
import { cellsOf, HEAD, markdownTable } from './table.ts';
import { number, rowName } from './words.ts';

const START = '<!-- figures: written by pnpm bench --write -->';
const END = '<!-- end of figures -->';

/** The page with the part between its two marks written anew. Throws without the marks. */
export function writePage(page: string, record: BenchRecord): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`The page has no lines "${START}" and "${END}".`);
  return `${page.slice(0, start)}${START}\n\n${figures(record)}\n\n${page.slice(end)}`;
}

/** The plots, by file name. */
export const plotsOf = ({ rows }: BenchRecord): Map<string, string> =>
  new Map(
    plotted(rows).map(([file, same]) => {
      const [first] = same as [DatedRow];
      const title = `${first.title}${first.label === '' ? '' : `: ${first.label}`}`.replaceAll('`', '');
      return [file, plotSvg({ title, x: first.sizeOf, y: first.unit, series: seriesOf(same) })];
    }),
  );

function figures({ machine, rows }: BenchRecord): string {
  const { cpu, cores, memoryGb, engine, node, compose } = machine;
  const days = rows.map(({ takenOn }) => takenOn).toSorted();
  const when = days[0] === days.at(-1) ? `on ${days[0]}` : `between ${days[0]} and ${days.at(-1)}`;
  const programs = [`Engine ${engine}`, `Node ${node}`, ...(compose === null ? [] : [`Compose ${compose}`])];
  const missed = rows.flatMap((row) => missesOf(row));
  const lines = rows.flatMap(cellsOf);
  const plots = plotted(rows);
  return [
    '### Machine',
    `Taken ${when}, with:`,
    [`- ${cpu}, ${cores} cores, ${memoryGb} GB`, ...programs.map((program) => `- ${program}`)].join('\n'),
    '### Figures',
    markdownTable([...HEAD], lines),
    '### Bars that are missed',
    missed.length === 0 ? 'None.' : missed.map((miss) => `- ${miss}`).join('\n'),
    '### Cost against size',
    markdownTable(
      ['what', 'who', 'cost at the smallest size', 'grows as', 'fit (R²)'],
      plots.flatMap(([, same]) => lawLines(same)),
    ),
    ...plots.map(([file, [row]]) => `![${row?.title.replaceAll('`', '')}](benchmarks/${file})`),
  ].join('\n\n');
}

const missesOf = (row: DatedRow): string[] => [
  ...row.rivals
    .filter(({ verdict }) => verdict?.reached === false)
    .map(({ name, ratio, verdict }) => {
      const bar = `${row.better === 'less' ? 'at most' : 'at least'} ${number(verdict?.bar ?? 0)} ×`;
      return `${rowName(row)}\n  ${(ratio ?? 0).toFixed(2)} × ${name}; the bar is ${bar}`;
    }),
  ...(row.limit?.reached === false
    ? [`${rowName(row)}\n  ${number(row.lobbie.median)} ${row.unit}; the limit is ${number(row.limit.bar)} ${row.unit}`]
    : []),
];

/** Main numbers with three sizes or more, by the name of their plot. */
function plotted(rows: readonly DatedRow[]): [file: string, rows: DatedRow[]][] {
  const groups = Map.groupBy(rows, ({ scenario, metric, label }) =>
    label === '' ? `${scenario}.svg` : `${scenario}-${metric}.svg`,
  );
  return [...groups].filter(([, same]) => same.length >= 3 && same.every(({ lobbie }) => lobbie.median > 0));
}

/** lobbie, and the rivals that were measured at three sizes or more. */
function seriesOf(rows: readonly DatedRow[]): Series[] {
  const rivals = [...new Set(rows.flatMap((row) => row.rivals.map(({ name }) => name)))];
  return [LOBBIE, ...rivals]
    .map((name) => ({
      name,
      points: rows.flatMap((row) => {
        const one = name === LOBBIE ? row.lobbie : row.rivals.find((rival) => rival.name === name)?.summary;
        return one === undefined ? [] : [[row.size, one.median] as const];
      }),
    }))
    .filter(({ points }) => points.length >= 3);
}

function lawLines(rows: readonly DatedRow[]): string[][] {
  const [first] = rows;
  if (first === undefined) return [];
  const title = `${first.title}${first.label === '' ? '' : `: ${first.label}`}`;
  return seriesOf(rows).flatMap(({ name, points }, at) => {
    const law = fitPowerLaw(points);
    if (law === undefined) return [];
    const smallest = `${number(points[0]?.[1] ?? Number.NaN)} ${first.unit}`;
    const grows = `${first.sizeOf}^${law.exponent.toFixed(2)}`;
    return [[at === 0 ? title : '', name, smallest, grows, law.fit.toFixed(2)]];
  });
}
