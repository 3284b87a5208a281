import { describe, expect, it } from 'vitest';
import { chooseScenarios } from '../../bench/choose-scenarios.ts';
import { inTurn } from '../../bench/measure.ts';
import { performances } from '../../bench/run-scenarios.ts';
import { LOBBIE } from '../../bench/scenario.ts';
import { SCENARIOS } from '../../bench/scenarios.ts';
import { testScenario } from './test-scenario.ts';

describe('the scenarios', () => {
  it('have names of their own, and so do their metrics', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { metrics } of SCENARIOS) expect(new Set(metrics.map(({ key }) => key)).size).toBe(metrics.length);
  });

  it.each(SCENARIOS)('$name has bars for sizes that it measures', (scenario) => {
    const sizes = [...scenario.sizes, ...(scenario.largeSizes ?? [])];
    for (const { bars } of scenario.metrics)
      for (const bar of bars) expect(sizes).toEqual(expect.arrayContaining([...(bar.sizes ?? [])]));
    expect(sizes).toEqual(expect.arrayContaining([...(scenario.shortSizes ?? [])]));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });

  it('are chosen by name, in their own order', () => {
    const chosen = chooseScenarios(SCENARIOS, ['status', 'deploy']).map(({ name }) => name);
    expect(chosen).toEqual(['deploy', 'status']);
    expect(chooseScenarios(SCENARIOS, [])).toEqual(SCENARIOS);
    expect(() => chooseScenarios(SCENARIOS, ['deploy', 'fly'])).toThrow('No scenario fly. There are: deploy, ');
  });
});

describe('a run', () => {
  const stage = testScenario().stage;
  const one = testScenario({ name: 'one', stage, sizes: [1, 10], largeSizes: [50], shortSizes: [1] });
  const two = testScenario({ name: 'two', stage, sizes: [10, 20] });
  const other = testScenario({ name: 'other', sizes: [1] });
  const planned = (mode: 'short' | 'normal' | 'all') =>
    performances([one, other, two], mode).map(({ size, together }) => [size, ...together.map(({ name }) => name)]);

  it('prepares a stage once for all scenarios on it', () => {
    expect(planned('normal')).toEqual([
      [1, 'one'],
      [10, 'one', 'two'],
      [20, 'two'],
      [1, 'other'],
    ]);
  });

  it('has the large sizes only with --all, and the short ones alone with --short', () => {
    expect(planned('all')).toContainEqual([50, 'one']);
    expect(planned('short')).toEqual([[1, 'one']]);
  });

  it('begins each round with another contestant', () => {
    const rounds = [0, 1, 2, 3].map((round) => inTurn([LOBBIE, 'floor', 'compose'], round)[0]);
    expect(rounds).toEqual([LOBBIE, 'floor', 'compose', LOBBIE]);
  });
});
