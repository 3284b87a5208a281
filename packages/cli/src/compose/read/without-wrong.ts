import type { Path } from '../problem.ts';
import { checkFile } from '../schema/check-file.ts';
import { isMap, newMap, type TreeMap } from '../tree.ts';

/**
 * Removes invalid keys, so that the rest can be read; undefined if too much is invalid. A service, volume, … that is
 * completely invalid stays as an empty one, because others may refer to it.
 *
 * @param wrong paths of the problems. A list is removed as a whole, so that items of other lists keep their index
 */
export function withoutWrong(tree: TreeMap, wrong: readonly Path[]): TreeMap | undefined {
  let left = tree;
  let paths = wrong;
  for (let round = 0; round < ROUNDS; round++) {
    if (paths.length === 0 || paths.some(({ length }) => length < 2)) return undefined;
    left = without(left, paths, round === 0);
    const { problems, wrong: still } = checkFile(left);
    if (problems.length === 0) return left;
    // If a key is missing, its map must be removed.
    paths = still.map((path) => (path.length === 2 ? path : path.slice(0, -1)));
  }
  return undefined;
}

const ROUNDS = 3;

function without(tree: TreeMap, paths: readonly Path[], keepsEntries: boolean, depth = 1): TreeMap {
  const copy = newMap(Object.entries(tree));
  const deeper = new Map<string, Path[]>();
  for (const [part, ...rest] of paths) {
    const key = String(part);
    if (rest.length > 0 && isMap(copy[key])) deeper.set(key, [...(deeper.get(key) ?? []), rest]);
    else if (depth === 2 && keepsEntries) copy[key] = newMap();
    else delete copy[key];
  }
  for (const [key, rests] of deeper) {
    const value = copy[key];
    if (isMap(value)) copy[key] = without(value, rests, keepsEntries, depth + 1);
  }
  return copy;
}
