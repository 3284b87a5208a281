/**
 * Adds functions of the standard library that Node 20 lacks: `Map.groupBy`, `Object.groupBy` and
 * `Promise.withResolvers`. Newer versions keep their own. Call it before anything else runs.
 */
export function fillInNode20(): void {
  define(Map, 'groupBy', groupIntoMap);
  define(Object, 'groupBy', groupIntoRecord);
  define(Promise, 'withResolvers', withResolvers);
}

function define(owner: object, name: string, value: (...args: never[]) => unknown): void {
  if (name in owner) return;
  Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}

/** `Map.groupBy`, as ECMAScript 2024 defines it. */
export function groupIntoMap<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** `Object.groupBy`, as ECMAScript 2024 defines it: the result has no prototype. */
export function groupIntoRecord<T>(
  items: Iterable<T>,
  keyOf: (item: T, index: number) => PropertyKey,
): Partial<Record<PropertyKey, T[]>> {
  const record: Partial<Record<PropertyKey, T[]>> = Object.create(null);
  for (const [key, group] of groupIntoMap(items, (item, index) => propertyKey(keyOf(item, index)))) record[key] = group;
  return record;
}

/** Numbers and strings are the same key for an object, but different keys for a map. */
const propertyKey = (key: PropertyKey): string | symbol => (typeof key === 'symbol' ? key : String(key));

/** `Promise.withResolvers`, as ECMAScript 2024 defines it. */
export function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle: Omit<PromiseWithResolvers<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('unreachable: a promise calls its executor at once');
  return { promise, ...settle };
}
