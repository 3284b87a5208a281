import { milliseconds } from './milliseconds.ts';
import type { Bar, Contestant, Metric } from './scenario.ts';

/** The metric of {@link timed} contestants: a scenario's main number. */
export const timeWith = (...bars: Bar[]): Metric => ({ key: 'time', label: '', unit: 'ms', better: 'less', bars });

/** A contestant of which one act is timed. */
export const timed = (name: string, act: () => Promise<unknown>, before?: () => Promise<void>): Contestant => ({
  name,
  ...(before && { before }),
  measure: async () => ({ time: await milliseconds(act) }),
});
