/** A value of a Compose file before it is checked, as parsed from YAML. Integers beyond 2^53 are bigint. */
export type Tree = null | boolean | number | bigint | string | Tree[] | TreeMap;

/** A mapping. It has no prototype, so that `__proto__` is an ordinary key. */
export interface TreeMap {
  [key: string]: Tree;
}

export const isMap = (value: Tree | undefined): value is TreeMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Tree | undefined): value is Tree[] => Array.isArray(value);

/** An empty mapping without a prototype, with these entries. */
export function newMap(entries: Iterable<readonly [string, Tree]> = []): TreeMap {
  const map: TreeMap = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}

/** Maps each value; values that become undefined are left out. */
export function mapValues(map: TreeMap, change: (value: Tree, key: string) => Tree | undefined): TreeMap {
  const changed = newMap();
  for (const key in map) {
    const value = change(map[key] ?? null, key);
    if (value !== undefined) changed[key] = value;
  }
  return changed;
}

/** A copy with these entries changed; undefined leaves a key unchanged. */
export function withEntries(map: TreeMap, entries: Readonly<Record<string, Tree | undefined>>): TreeMap {
  const changed = newMap(Object.entries(map));
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) changed[key] = value;
  return changed;
}
