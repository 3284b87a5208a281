import { ownNamespaces } from '../own-namespaces.ts';
import { dependencyKey } from './dependency-key.ts';
import type { Rule } from './rule.ts';

/**
 * Services that wait for themselves, with the whole cycle. Each cycle once, starting at its first service in the file.
 */
export const cycles: Rule = function* ({ services }) {
  const done = new Set<string>();
  const order = new Map(Object.keys(services).map((name, index) => [name, index]));
  for (const start of order.keys()) {
    // An explicit stack: a chain of services can be longer than the call stack.
    const trail: { name: string; rest: string[] }[] = [];
    const on = new Map<string, number>();
    const enter = (name: string): void => {
      on.set(name, trail.length);
      trail.push({ name, rest: Object.keys(services[name]?.depends_on ?? {}).reverse() });
    };
    if (!done.has(start)) enter(start);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        done.add(top.name);
        on.delete(top.name);
        trail.pop();
        continue;
      }
      const from = on.get(next);
      if (from !== undefined) {
        const circle = turned(
          trail.slice(from).map(({ name }) => name),
          order,
        );
        const message = `services wait for each other: ${shown([...circle, circle[0] ?? next]).join(' → ')}`;
        const [first = next, second = first] = circle;
        yield { path: ['services', first, ...dependencyKey(services[first], second)], message };
      } else if (!done.has(next) && order.has(next)) enter(next);
    }
  }
};

/**
 * Services that wait for themselves because they join a container of the project by its name. Docker Compose allows
 * this.
 */
export const joinedCycles: Rule = function* (config, inactive) {
  if ([...cycles(config, inactive)].length === 0) yield* cycles(ownNamespaces(config), inactive);
};

/** Shortens a long list in the middle. */
const shown = (names: readonly string[]): string[] =>
  names.length <= MOST_SHOWN
    ? [...names]
    : [...names.slice(0, MOST_SHOWN / 2), `${names.length - MOST_SHOWN} more`, ...names.slice(-MOST_SHOWN / 2)];
const MOST_SHOWN = 20;

/** The same cycle, starting with the service that comes first in the file. */
function turned(circle: readonly string[], order: ReadonlyMap<string, number>): string[] {
  const places = circle.map((name) => order.get(name) ?? 0);
  const first = places.indexOf(Math.min(...places));
  return [...circle.slice(first), ...circle.slice(0, first)];
}
