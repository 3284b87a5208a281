import { isMap, mapValues, newMap, type TreeMap, withEntries } from '../tree.ts';

/**
 * The key under which a secret or config of an included file keeps the value of its variable: `{NAME: value}`. Variables of an
 * included file's own env files are known there only. The key begins with `x-`, so that every check passes over it.
 */
export const KEPT_VALUE = 'x-#value';

/** Values of variables by the path of the secret or config that is made of them: `secrets.password`. */
export type KeptValues = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Takes the kept values out of a tree, as they are never printed. */
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
