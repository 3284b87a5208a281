import type { Locate } from '../problem.ts';
import { isList, isMap, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';

/** What an included model gives; all else at its top (`name`, `x-…`) stays there. */
const KINDS = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'] as const;

/** What importing needs. */
export interface Importing {
  /** Finds places in the included files. */
  readonly there: Locate;
  /** Finds the place of what the tree has already: `services.db`. */
  readonly here: Locate;
  /** Called for each definition that is added. */
  readonly onImport: (path: string) => void;
  /** Called for each definition that differs from the one that is there. */
  readonly onConflict: (path: string, message: string) => void;
}

/** The tree with the services, networks, volumes, … of an included model. What both define has to be the same in both. */
export function importResources(imported: TreeMap, into: TreeMap, importing: Importing): TreeMap {
  const changed: Record<string, Tree> = {};
  for (const kind of KINDS) {
    const from = imported[kind];
    const own = kind in into ? into[kind] : newMap();
    // The check of the whole file reports what is no map.
    if (!isMap(from) || !isMap(own)) continue;
    const all = newMap(Object.entries(own));
    for (const name in from) {
      const path = `${kind}.${name}`;
      const definition = from[name] ?? null;
      if (!(name in all)) {
        all[name] = definition;
        importing.onImport(path);
      } else if (!isSame(all[name] ?? null, definition)) importing.onConflict(path, conflict(path, importing));
    }
    changed[kind] = all;
  }
  return withEntries(into, changed);
}

function conflict(path: string, { here, there }: Importing): string {
  const [one, other] = [placeOf(here, path), placeOf(there, path)];
  return one === other
    ? 'is included twice, and the two differ'
    : `is defined here and in ${other ?? 'an included file'}, and the two differ`;
}

function placeOf(locate: Locate, path: string): string | undefined {
  const place = locate(path);
  return place && `${place.file}:${place.line}:${place.column}`;
}

function isSame(one: Tree, other: Tree): boolean {
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index] ?? null));
  if (!isMap(one) || !isMap(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && isSame(one[name] ?? null, other[name] ?? null))
  );
}
