import { describe, expect, it } from 'vitest';
import { fitPowerLaw, percentile, summarize } from '../../bench/statistics.ts';

describe('a summary', () => {
  it('is the median and the quartiles, in whichever order the rounds came', () => {
    expect(summarize([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 2, high: 4, rounds: 5 });
  });

  it('of two rounds lies between them', () => {
    expect(summarize([10, 20])).toEqual({ median: 15, low: 12.5, high: 17.5, rounds: 2 });
  });

  it('of one round is that round', () => {
    expect(summarize([7])).toEqual({ median: 7, low: 7, high: 7, rounds: 1 });
  });
});

describe('a percentile', () => {
  const values = Array.from({ length: 1000 }, (_, at) => 1000 - at);

  it('is a value that this share of the numbers does not exceed', () => {
    expect(percentile(values, 0.5)).toBeCloseTo(500.5);
    expect(percentile(values, 0.999)).toBeCloseTo(999.001);
    expect(percentile(values, 1)).toBe(1000);
  });

  it('leaves the numbers in their order', () => {
    const few = [3, 1, 2];
    percentile(few, 0.5);
    expect(few).toEqual([3, 1, 2]);
  });

  it('of nothing is not a number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('a power law', () => {
  it.each([0, 0.5, 1, 2])('of exponent %d is found', (exponent) => {
    const law = fitPowerLaw([1, 10, 50, 1000].map((size) => [size, 3 * size ** exponent]));
    expect(law?.exponent).toBeCloseTo(exponent);
    expect(law?.factor).toBeCloseTo(3);
    expect(law?.fit).toBeCloseTo(1);
  });

  it('fits worse to what is no power law', () => {
    expect(
      fitPowerLaw([
        [1, 1],
        [10, 1000],
        [100, 2],
      ] as const)?.fit,
    ).toBeLessThan(0.5);
  });

  it('needs three different sizes', () => {
    expect(
      fitPowerLaw([
        [1, 1],
        [10, 10],
      ] as const),
    ).toBeUndefined();
    expect(
      fitPowerLaw([
        [1, 1],
        [10, 10],
        [10, 11],
      ] as const),
    ).toBeUndefined();
  });
});
