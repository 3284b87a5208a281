import type { Path } from '../problem.ts';
import { checkFile } from '../schema/check-file.ts';
import { isMap, newMap, type TreeMap } from '../tree.ts';

/**
 * The tree without the keys that hold something wrong, so that the rest can be read on; undefined where too much is
 * wrong for that. A service, volume, … of which all is wrong is there and says nothing: others may name it.
 *
 * @param wrong where the problems are; of a list, the whole goes, so that the other lists' items keep their places
 */
export function withoutWrong(tree: TreeMap, wrong: readonly Path[]): TreeMap | undefined {
  let left = tree;
  let paths = wrong;
  for (let round = 0; round < ROUNDS; round++) {
    if (paths.length === 0 || paths.some(({ length }) => length < 2)) return undefined;
    left = without(left, paths, round === 0);
    const { problems, wrong: still } = checkFile(left);
    if (problems.length === 0) return left;
    // Where a key is missing, the map that lacks it has to go.
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
