/**
 * A table for names that clients send. Unlike a plain object, it does not contain `__proto__` and `constructor`.
 */
export const lookupOf = <Value>(record: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(Object.entries(record));
