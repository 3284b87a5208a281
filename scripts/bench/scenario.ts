import type { Bench } from './bench.ts';

/** What one measurement gives: a number for each metric. */
export type Figures = Readonly<Record<string, number>>;

/** lobbie or a rival, measured in turn with the others. */
export interface Contestant {
  /** `lobbie`, or the rival's name as bars and tables use it. */
  readonly name: string;
  /** Brings everything to the start. Not measured. */
  before?(): Promise<void>;
  measure(): Promise<Figures>;
}

/** A number that a scenario measures. */
export interface Metric {
  readonly key: string;
  /** What the table says after the scenario's title. Empty for the scenario's main number. */
  readonly label: string;
  readonly unit: 'ms' | 's' | 'MB' | 'µs' | '%' | 'requests/s' | 'requests';
  readonly better: 'less' | 'more';
  readonly bars: readonly Bar[];
}

/** What lobbie has to reach: a ratio to a rival of the same run, or a number of its own. */
export interface Bar {
  /** The rival, or `lobbie` for a limit in the unit of the metric. */
  readonly against: string;
  /** A maximum if less is better, else a minimum. */
  readonly limit: number;
  /** The sizes that it holds for. Default: all. */
  readonly sizes?: readonly number[];
}

/** What scenarios measure on, such as a deployed project. It is prepared once for each size. */
export interface Stage<Prepared> {
  readonly name: string;
  /** Everything that it makes has names from `bench.name()`, or is removed by `bench.defer()`. */
  prepare(bench: Bench, size: number): Promise<Prepared>;
}

export interface Scenario<Prepared = unknown> {
  /** What filters match, such as `deploy`. */
  readonly name: string;
  /** What the table says, such as `deploy, image there`. */
  readonly title: string;
  /** What a size counts, such as `replicas`. Empty if there is only one size. */
  readonly sizeOf: string;
  /** From small to large. */
  readonly sizes: readonly number[];
  /** Measured only with `--all`. */
  readonly largeSizes?: readonly number[];
  /** Measured with `--short`; without it, the scenario is left out there. */
  readonly shortSizes?: readonly number[];
  readonly rounds: number;
  /** Rounds that only warm up. Default: 0. */
  readonly warmUps?: number;
  /** Measures all contestants of a round at the same time. For those that only wait. */
  readonly together?: boolean;
  readonly metrics: readonly Metric[];
  readonly stage: Stage<Prepared>;
  /** lobbie first. A rival that is missing on this machine is left out with `bench.leaveOut()`. */
  contestants(bench: Bench, prepared: Prepared, size: number): readonly Contestant[];
}

/** Name of the contestant that the bars are about. */
export const LOBBIE = 'lobbie';
export const COMPOSE = 'compose';
export const FLOOR = 'bare API';
