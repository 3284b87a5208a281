import { type Figures, LOBBIE, type Metric, type Scenario } from './scenario.ts';
import { type Summary, summarize } from './statistics.ts';

/** One metric of one scenario at one size: lobbie and all rivals of the same run. */
export interface Row {
  readonly scenario: string;
  readonly title: string;
  readonly metric: string;
  readonly label: string;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  readonly size: number;
  readonly sizeOf: string;
  readonly lobbie: Summary;
  readonly rivals: readonly RivalFigure[];
  /** A limit in the metric's own unit, and whether it is reached. */
  readonly limit?: Verdict;
}

export interface Verdict {
  readonly bar: number;
  readonly reached: boolean;
}

export interface RivalFigure {
  readonly name: string;
  readonly summary: Summary;
  /** lobbie's median divided by the rival's; null if the rival's is 0. */
  readonly ratio: number | null;
  /** What the ratio has to reach; undefined if there is no bar. */
  readonly verdict?: Verdict;
}

/** The measurements of one scenario at one size, by contestant, one entry for each round. */
export type Measured = ReadonlyMap<string, readonly Figures[]>;

/** Compares what was measured. A metric that lobbie or every rival lacks gives no row. */
export const rowsOf = (scenario: Scenario, size: number, measured: Measured): Row[] =>
  scenario.metrics.flatMap((metric) => {
    const lobbie = summaryOf(measured.get(LOBBIE), metric.key);
    const bars = metric.bars.filter(({ sizes }) => sizes === undefined || sizes.includes(size));
    const rivals = [...measured]
      .filter(([name]) => name !== LOBBIE)
      .flatMap(([name, figures]) => rivalOf(name, lobbie, summaryOf(figures, metric.key), { ...metric, bars }));
    if (lobbie === undefined || rivals.length === 0) return [];
    const limit = verdictOf({ ...metric, bars }, LOBBIE, lobbie.median);
    return {
      scenario: scenario.name,
      title: scenario.title,
      metric: metric.key,
      label: metric.label,
      unit: metric.unit,
      better: metric.better,
      size,
      sizeOf: scenario.sizeOf,
      lobbie,
      rivals,
      ...(limit !== undefined && { limit }),
    };
  });

function rivalOf(
  name: string,
  lobbie: Summary | undefined,
  summary: Summary | undefined,
  metric: Metric,
): RivalFigure[] {
  if (lobbie === undefined || summary === undefined) return [];
  const ratio = summary.median === 0 ? null : lobbie.median / summary.median;
  const verdict = ratio === null ? undefined : verdictOf(metric, name, ratio);
  return [{ name, summary, ratio, ...(verdict !== undefined && { verdict }) }];
}

function summaryOf(figures: readonly Figures[] | undefined, key: string): Summary | undefined {
  const values = (figures ?? []).map((one) => one[key]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : summarize(values);
}

function verdictOf({ bars, better }: Metric, against: string, value: number): Verdict | undefined {
  const bar = bars.find((one) => one.against === against)?.limit;
  return bar === undefined ? undefined : { bar, reached: better === 'less' ? value <= bar : value >= bar };
}
