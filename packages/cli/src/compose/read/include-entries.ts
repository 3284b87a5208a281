import { goFormat } from '../go-format.ts';
import { type Locate, type Problem, problemAt } from '../problem.ts';
import { checkFile } from '../schema/check-file.ts';
import { INCLUDE_KEYS } from '../schema/include.ts';
import { nearest } from '../schema/unknown-key.ts';
import { isList, isMap, newMap, type Tree, type TreeMap } from '../tree.ts';

/** One entry of `include`, as written. */
export interface IncludeEntry {
  /** `include[0]` */
  readonly at: string;
  /** The files, each with its place. The first is the main file; the others are merged over it. */
  readonly paths: readonly PlacedPath[];
  /** Empty: the directory of the first file. */
  readonly projectDirectory: string;
  /** Empty: `.env` in the project directory. */
  readonly envFiles: readonly PlacedPath[];
}

/** A path as written. */
export interface PlacedPath {
  readonly path: string;
  /** `include[0].path[1]` */
  readonly at: string;
}

/** The entries of `include` and their problems. Invalid entries are left out. */
export interface IncludeEntries {
  readonly entries: readonly IncludeEntry[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads the `include` of a file in short and long form. Warns about keys that Docker Compose ignores. */
export function includeEntries(value: Tree, locate: Locate): IncludeEntries {
  const warnings: Problem[] = [];
  const items = isList(value) ? value : [];
  const known = items.map((item, index) => {
    if (!isMap(item)) return item;
    for (const name in item) {
      if (isKnown(name) || name.startsWith('x-')) continue;
      const meant = nearest(name, INCLUDE_KEYS);
      const message = meant === undefined ? 'is ignored' : `is ignored; did you mean "${meant}"?`;
      warnings.push(problemAt(locate, `include[${index}].${name}`, message));
    }
    return newMap(Object.entries(item).filter(([name]) => isKnown(name)));
  });
  const { problems, wrong } = checkFile(newMap([['include', isList(value) ? known : value]]), locate);
  const isRight = (index: number) => !wrong.some(([, item]) => item === index);
  const entries =
    problems.length > 0 && wrong.length === 0 ? [] : known.map(toEntry).filter((_, index) => isRight(index));
  for (const { at, paths } of entries)
    if (paths.length === 0) warnings.push(problemAt(locate, at, 'includes nothing: it has no path'));
  return { entries, problems, warnings };
}

const isKnown = (name: string): boolean => INCLUDE_KEYS.some((key) => key === name);

function toEntry(item: Tree, index: number): IncludeEntry {
  const at = `include[${index}]`;
  if (typeof item === 'string') return { at, paths: [{ path: item, at }], projectDirectory: '', envFiles: [] };
  const entry: TreeMap = isMap(item) ? item : newMap();
  const { path = null, env_file = null } = entry;
  const directory = entry.project_directory ?? '';
  return {
    at,
    paths: placedPaths(path, `${at}.path`),
    projectDirectory: goFormat(directory),
    envFiles: placedPaths(env_file, `${at}.env_file`),
  };
}

function placedPaths(value: Tree, at: string): PlacedPath[] {
  if (typeof value === 'string') return [{ path: value, at }];
  if (!isList(value)) return [];
  return value.flatMap((path, index) => (typeof path === 'string' ? [{ path, at: `${at}[${index}]` }] : []));
}
