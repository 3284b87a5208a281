import { LOBBIE, type Metric, type Scenario } from '../../bench/scenario.ts';

export const testMetric = (change: Partial<Metric> = {}): Metric => ({
  key: 'time',
  label: '',
  unit: 'ms',
  better: 'less',
  bars: [],
  ...change,
});

/** A scenario whose contestants measure nothing. */
export const testScenario = (change: Partial<Scenario> = {}): Scenario => ({
  name: 'deploy',
  title: 'first deploy',
  sizeOf: 'replicas',
  sizes: [1],
  rounds: 1,
  metrics: [testMetric()],
  stage: { name: 'nothing', prepare: async () => undefined },
  contestants: () => [LOBBIE, 'floor'].map((name) => ({ name, measure: async () => ({}) })),
  ...change,
});
