import { isMap, mapValues, newMap, type TreeMap, withEntries } from '../tree.ts';

/**
 * The key under which a secret or config of an included file keeps its variable's value: `{NAME: value}`. Variables
 * from an included file's own env files are known only there. The key begins with `x-`, so checks ignore it.
 */
export const KEPT_VALUE = 'x-#value';

/** Values of variables by the path of the secret or config that uses them: `secrets.password`. */
export type KeptValues = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Removes the kept values from a tree, because they must never be printed. */
export function takeKeptValues(tree: TreeMap): { readonly tree: TreeMap; readonly kept: KeptValues } {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  const takeFrom = (kind: 'secrets' | 'configs') => {
    const objects = tree[kind];
    if (!isMap(objects)) return undefined;
    return mapValues(objects, (object, name) => {
      const value = isMap(object) ? object[KEPT_VALUE] : undefined;
      if (!isMap(object) || !isMap(value)) return object;
      const texts = Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : []));
      kept.set(`${kind}.${name}`, Object.fromEntries(texts));
      const { [KEPT_VALUE]: _, ...rest } = object;
      return newMap(Object.entries(rest));
    });
  };
  return { tree: withEntries(tree, { secrets: takeFrom('secrets'), configs: takeFrom('configs') }), kept };
}
