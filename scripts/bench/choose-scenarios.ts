import type { Scenario } from './scenario.ts';

/** The scenarios with these names, or all. Throws for a name that no scenario has. */
export function chooseScenarios(scenarios: readonly Scenario[], names: readonly string[]): Scenario[] {
  const unknown = names.filter((wanted) => !scenarios.some(({ name }) => name === wanted));
  if (unknown.length > 0)
    throw new Error(`No scenario ${unknown.join(', ')}. There are: ${scenarios.map(({ name }) => name).join(', ')}.`);
  return scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
}
