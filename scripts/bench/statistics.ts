import { linearRegression, linearRegressionLine, median, quantile, rSquared } from 'simple-statistics';

/** What several rounds give together. */
export interface Summary {
  readonly median: number;
  /** The quartiles. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/** The median of at least one number, and its quartiles as the spread. */
export const summarize = (values: readonly number[]): Summary => ({
  median: median([...values]),
  low: quantile([...values], 0.25),
  high: quantile([...values], 0.75),
  rounds: values.length,
});

/** A share of sorted or unsorted numbers, such as 0.99; NaN if there are none. */
export const percentile = (values: readonly number[], share: number): number =>
  values.length === 0 ? Number.NaN : quantile([...values], share);

/** cost = factor × size ^ exponent */
export interface PowerLaw {
  readonly factor: number;
  readonly exponent: number;
  /** How well the points fit it, 0 to 1. */
  readonly fit: number;
}

/**
 * Fits a power law by least squares over the logarithms. Undefined with fewer than three sizes, because two points fit
 * any law.
 */
export function fitPowerLaw(points: readonly (readonly [size: number, cost: number])[]): PowerLaw | undefined {
  const logs = points.filter(([size, cost]) => size > 0 && cost > 0).map((point) => point.map(Math.log));
  if (new Set(logs.map(([size]) => size)).size < 3) return undefined;
  const line = linearRegression(logs);
  const fit = rSquared(logs, linearRegressionLine(line));
  return { factor: Math.exp(line.b), exponent: line.m, fit: Number.isNaN(fit) ? 1 : fit };
}
