import { isAbsolute, join, posix } from 'node:path';
import { compileRules, type Rules, rulesBelow } from '../rules.ts';
import { isList, isMap, mapValues, type Tree, type TreeMap, withEntries } from '../tree.ts';

/** The base of relative paths, and the directory for `~`. */
export interface PathBase {
  readonly directory: string;
  readonly home: string | undefined;
}

type Resolve = (value: Tree, base: PathBase) => Tree;

/** Makes relative paths in the tree absolute: build contexts, env files, bind mounts, files of secrets and configs. */
export function resolvePaths(tree: TreeMap, base: PathBase): TreeMap {
  return mapValues(tree, (value, key) => visit(value, rulesBelow(pathRules, key), base));
}

function visit(value: Tree, rules: Rules<Resolve> | undefined, base: PathBase): Tree {
  if (rules === undefined) return value;
  if (rules.rule !== undefined) return rules.rule(value, base);
  if (isList(value)) return value.map((item) => visit(item, rulesBelow(rules, '[]'), base));
  return isMap(value) ? mapValues(value, (entry, key) => visit(entry, rulesBelow(rules, key), base)) : value;
}

const expandHome = (path: string, home: string | undefined): string =>
  path.startsWith('~') && home !== undefined ? join(home, path.slice(1)) : path;

/** Keeps absolute paths of the other platform, because the engine may run there. */
function absolute(path: string, { directory, home }: PathBase): string {
  const expanded = expandHome(path, home);
  const isRooted = posix.isAbsolute(expanded) || isAbsolute(expanded) || /^(?:[a-z]:[\\/]|\\\\)/i.test(expanded);
  return isRooted ? expanded : join(directory, expanded).replace(/(?<=.)\/$/, '');
}

const path: Resolve = (value, base) => (typeof value === 'string' && value !== '' ? absolute(value, base) : value);

const anyPath: Resolve = (value, base) => (typeof value === 'string' ? absolute(value, base) : value);

const REMOTE = /:\/\/|^(?:service:|github\.com\/|git@)/;

const context: Resolve = (value, base) => (typeof value === 'string' && REMOTE.test(value) ? value : path(value, base));

const mount: Resolve = (value, base) =>
  isMap(value) && value.type === 'bind' && typeof value.source === 'string'
    ? withEntries(value, { source: absolute(value.source, base) })
    : value;

/** A volume of the local driver with `o: bind` is a bind mount of its device. */
const volume: Resolve = (value, base) => {
  if (!isMap(value) || value.driver !== 'local' || !isMap(value.driver_opts)) return value;
  const { o, device } = value.driver_opts;
  if (o !== 'bind' || typeof device !== 'string') return value;
  return withEntries(value, { driver_opts: withEntries(value.driver_opts, { device: absolute(device, base) }) });
};

const pathRules = compileRules<Resolve>({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': anyPath,
  'services.*.env_file.[].path': path,
  'services.*.label_file.[]': path,
  'services.*.extends.file': path,
  'services.*.develop.watch.[].path': path,
  'services.*.volumes.[]': mount,
  'configs.*.file': anyPath,
  'secrets.*.file': anyPath,
  'volumes.*': volume,
});
