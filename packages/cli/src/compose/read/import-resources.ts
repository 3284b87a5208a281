import type { Locate } from '../problem.ts';
import { isList, isMap, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';

/** The keys imported from an included model. Other keys at its top (`name`, `x-…`) are not. */
const KINDS = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'] as const;

/** Callbacks for importing. */
export interface Importing {
  /** Finds places in the included files. */
  readonly there: Locate;
  /** Finds the place of something in the tree: `services.db`. */
  readonly here: Locate;
  /** Called for each definition that is added. */
  readonly onImport: (path: string) => void;
  /** Called for each definition that differs from the existing one. */
  readonly onConflict: (path: string, message: string) => void;
}

/**
 * Adds the services, networks, volumes, … of an included model to the tree. If both define one, the definitions must be
 * equal.
 */
export function importResources(imported: TreeMap, into: TreeMap, importing: Importing): TreeMap {
  const changed: Record<string, Tree> = {};
  for (const kind of KINDS) {
    const from = imported[kind];
    const own = kind in into ? into[kind] : newMap();
    // The check of the whole file reports values that are not maps.
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
    ? 'is included twice with different definitions'
    : `is defined differently here and in ${other ?? 'an included file'}`;
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
