/**
 * A table for names that clients send: `__proto__` and `constructor` are not in it, as they are in every plain object.
 */
export const lookupOf = <Value>(record: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(Object.entries(record));
