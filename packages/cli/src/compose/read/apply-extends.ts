import { dirname, isAbsolute, join, resolve } from 'node:path';
import { LobbieError } from '../../model/errors.ts';
import type { Path } from '../problem.ts';
import { isMap, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';
import { dropMarked } from './drop-marked.ts';
import type { Origin } from './locate.ts';
import { mergeTrees } from './merge-trees.ts';
import { resolvePaths } from './resolve-paths.ts';
import { toCanonical } from './to-canonical.ts';

/** A file with services that others extend, with its variables substituted. Its problems have been reported. */
export interface ExtendedFile {
  readonly tree: TreeMap;
  readonly dropped: readonly Path[];
}

/** How to read files, and where to report problems. */
export interface Extending {
  readonly home: string | undefined;
  /** undefined: the file cannot be read, which has been reported. */
  readonly read: (file: string, at: string) => Promise<ExtendedFile | undefined>;
  readonly report: (path: string, message: string) => void;
  /** Called for each service that another one extends, for positions. */
  readonly onExtended: (origin: Origin) => void;
}

interface Source {
  /** Absolute path. */
  readonly file: string;
  readonly services: TreeMap;
  readonly dropped: readonly Path[];
  /** The directory that `extends.file` paths in this file are relative to. */
  readonly directory: string;
}

/** Resolves `extends` in the tree of a file. Paths from other files are first made relative to those files. */
export async function applyExtends(
  tree: TreeMap,
  source: Omit<Source, 'services'>,
  extending: Extending,
): Promise<TreeMap> {
  if (!isMap(tree.services)) return tree;
  const services = newMap(Object.entries(tree.services));
  for (const name in services) {
    services[name] = await extendService(name, { ...source, services }, [], extending);
  }
  return withEntries(tree, { services });
}

async function extendService(
  name: string,
  source: Source,
  trail: readonly string[],
  extending: Extending,
): Promise<Tree> {
  const service = source.services[name] ?? null;
  if (!isMap(service) || !('extends' in service)) return service;
  const at = `services.${name}.extends`;
  const bare = newMap(Object.entries(service));
  delete bare.extends;
  const reference = readReference(service.extends ?? null);
  if (reference === undefined) {
    extending.report(at, 'expected the name of a service, or {file, service}');
    return bare;
  }
  const id = `${name} in ${source.file}`;
  if (trail.includes(id)) {
    extending.report(at, `extends itself: ${[...trail.slice(trail.indexOf(id)), id].join(' extends ')}`);
    return bare;
  }
  const base = reference.file === undefined ? source : await openSource(reference.file, at, source, extending);
  if (base === undefined) return bare;
  if (!(reference.service in base.services)) {
    extending.report(at, `there is no service "${reference.service}" in ${base.file}`);
    return bare;
  }
  extending.onExtended({ from: `services.${name}`, to: `services.${reference.service}`, file: base.file });
  const extended = await extendService(reference.service, base, [...trail, id], extending);
  // Docker Compose prints an empty extended service as written.
  if (!isMap(extended)) return service;
  const marked = dropMarked(newMap([['services', newMap([[name, extended]])]]), source.dropped);
  const kept = isMap(marked.services) ? marked.services[name] : undefined;
  try {
    const merged = mergeTrees(isMap(kept) ? kept : newMap(), bare, ['services', name]);
    delete merged.extends;
    // Other services extend the merged result.
    source.services[name] = merged;
    return merged;
  } catch (error) {
    if (!(error instanceof LobbieError)) throw error;
    extending.report(at, error.message);
    return bare;
  }
}

function readReference(value: Tree): { service: string; file?: string } | undefined {
  if (typeof value === 'string') return { service: value };
  if (!isMap(value) || typeof value.service !== 'string') return undefined;
  if (value.file === undefined || value.file === null) return { service: value.service };
  return typeof value.file === 'string' ? { service: value.service, file: value.file } : undefined;
}

async function openSource(file: string, at: string, from: Source, extending: Extending): Promise<Source | undefined> {
  const { home } = extending;
  const expanded = file.startsWith('~') && home !== undefined ? join(home, file.slice(1)) : file;
  const absolute = isAbsolute(expanded) ? expanded : resolve(from.directory, expanded);
  const read = await extending.read(absolute, at);
  if (read === undefined) return undefined;
  const directory = dirname(absolute);
  const canonical = toCanonical(read.tree, () => undefined);
  const { services } = resolvePaths(canonical, { directory, home });
  if (!isMap(services)) return void extending.report(at, `there are no services in ${absolute}`);
  return { file: absolute, services, dropped: read.dropped, directory };
}
