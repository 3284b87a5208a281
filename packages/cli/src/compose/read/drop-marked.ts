import type { Path } from '../problem.ts';
import { isMap, newMap, type TreeMap } from '../tree.ts';

/** Removes the paths that a later file marks `!reset` or `!override`. Does not look into lists. */
export function dropMarked(tree: TreeMap, marked: readonly Path[]): TreeMap {
  let result = tree;
  for (const path of marked) result = without(result, path);
  return result;
}

function without(tree: TreeMap, [key, ...rest]: Path): TreeMap {
  if (typeof key !== 'string' || !(key in tree)) return tree;
  const copy = newMap(Object.entries(tree));
  const value = tree[key];
  if (rest.length === 0) delete copy[key];
  else if (isMap(value)) copy[key] = without(value, rest);
  return copy;
}
