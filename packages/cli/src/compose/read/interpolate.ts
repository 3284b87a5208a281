import { type Cast, castRules } from '../decode/cast-rules.ts';
import { formatPath, type Locate, type Problem, problemAt } from '../problem.ts';
import { type Rules, rulesBelow } from '../rules.ts';
import { isList, isMap, mapValues, type Tree, type TreeMap } from '../tree.ts';
import { substitute } from './substitute.ts';

/** The input of interpolation, and the lists that it adds to. */
export interface Interpolation {
  readonly environment: Readonly<Record<string, string>>;
  readonly locate: Locate;
  readonly problems: Problem[];
  readonly warnings: Problem[];
  /** Variables that have a warning already. */
  readonly unset: Set<string>;
}

/**
 * Substitutes every variable in the tree's values, and converts text to numbers and booleans where they are expected.
 * Keys stay unchanged.
 */
export function interpolate(tree: TreeMap, interpolation: Interpolation): TreeMap {
  const path: (string | number)[] = [];
  const visit = (value: Tree, rules: Rules<Cast> | undefined): Tree => {
    if (typeof value === 'string') return interpolateText(value, rules?.rule, path, interpolation);
    if (isList(value))
      return value.map((item, index) => {
        path.push(index);
        const changed = visit(item, rulesBelow(rules, '[]'));
        path.pop();
        return changed;
      });
    if (!isMap(value)) return value;
    return mapValues(value, (entry, key) => {
      path.push(key);
      const changed = visit(entry, rulesBelow(rules, key));
      path.pop();
      return changed;
    });
  };
  const interpolated = visit(tree, castRules);
  return isMap(interpolated) ? interpolated : tree;
}

function interpolateText(
  text: string,
  cast: Cast | undefined,
  path: readonly (string | number)[],
  { environment, locate, problems, warnings, unset }: Interpolation,
): Tree {
  const where = () => formatPath(path);
  let failed = false;
  const substituted = substitute(text, {
    lookup: (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined),
    onUnset: (name) => {
      if (unset.has(name)) return;
      unset.add(name);
      warnings.push(problemAt(locate, where(), `the variable ${name} is not set: using an empty string`));
    },
    onError: (message) => {
      failed = true;
      problems.push(problemAt(locate, where(), message));
    },
  });
  if (cast === undefined || failed) return substituted;
  const { value, warning } = cast(substituted);
  if (warning !== undefined) warnings.push(problemAt(locate, where(), warning));
  if (value !== undefined) return value;
  problems.push(problemAt(locate, where(), `expected ${cast.expects}, got "${substituted}"`));
  return substituted;
}
