import { LobbieError } from '../../model/errors.ts';
import { goFormat } from '../go-format.ts';
import { formatPath } from '../problem.ts';
import { compileRules, type Rules, rulesBelow } from '../rules.ts';
import { isList, isMap, newMap, type Tree, type TreeMap } from '../tree.ts';

type Merge = (base: Tree, over: Tree, path: readonly string[], rules: Rules<Merge> | undefined) => Tree;

/**
 * Merges one file over another (or a service over the one it extends) by compose-go's rules: merges mappings, joins
 * lists and replaces everything else. The table below has the exceptions. The rules begin at `at`.
 * @throws LobbieError INVALID_INPUT if a mapping meets a list; the details are the path
 */
export function mergeTrees(base: TreeMap, over: TreeMap, at: readonly string[] = []): TreeMap {
  let rules: Rules<Merge> | undefined = mergeRules;
  for (const part of at) rules = rulesBelow(rules, part);
  return mergeMaps(base, over, at, rules);
}

const merge: Merge = (base, over, path, rules) => {
  if (rules?.rule !== undefined) return rules.rule(base, over, path, rules);
  if (over === null) return base;
  if (isMap(base)) {
    if (!isMap(over)) throw unlike(path);
    return mergeMaps(base, over, path, rules);
  }
  if (!isList(base)) return over;
  if (!isList(over)) throw unlike(path);
  return [...base, ...over];
};

function mergeMaps(base: TreeMap, over: TreeMap, path: readonly string[], rules: Rules<Merge> | undefined): TreeMap {
  const merged = newMap(Object.entries(base));
  for (const key in over) {
    const value = over[key] ?? null;
    merged[key] = key in base ? merge(base[key] ?? null, value, [...path, key], rulesBelow(rules, key)) : value;
  }
  return merged;
}

const unlike = (path: readonly string[]) =>
  new LobbieError('INVALID_INPUT', 'a mapping, a list and a single value cannot be merged', {
    details: [formatPath(path)],
  });

const replace: Merge = (_base, over) => over;

const joinAsLists: Merge = (base, over) => [...asList(base), ...asList(over)];

const joinHosts: Merge = (base, over) => {
  const list = asList(base);
  return [...list, ...asList(over).filter((host) => !list.includes(host))];
};

/** One line `key=value` for each entry, sorted, or one for each list item. */
function asList(value: Tree): Tree[] {
  if (isList(value)) return value;
  if (typeof value === 'string') return [value];
  if (!isMap(value)) return [];
  return Object.entries(value)
    .flatMap(([key, entry]) =>
      entry === null
        ? [key]
        : isList(entry)
          ? entry.map((item) => `${key}=${goFormat(item)}`)
          : [`${key}=${goFormat(entry)}`],
    )
    .toSorted((a, b) => (a < b ? -1 : Number(a > b)));
}

/** A list of names as a mapping from each name to the value. */
const asMap = (value: Tree, empty: () => Tree): TreeMap =>
  isMap(value) ? value : newMap(isList(value) ? value.map((name) => [goFormat(name), empty()] as const) : []);

const mergeBuild: Merge = (base, over, path, rules) => {
  const toMap = (value: Tree) => (isMap(value) ? value : newMap(typeof value === 'string' ? [['context', value]] : []));
  return mergeMaps(toMap(base), toMap(over), path, rules);
};

const mergeDependencies: Merge = (base, over, path, rules) => {
  const started = () => newMap(Object.entries({ condition: 'service_started', required: true }));
  return mergeMaps(asMap(base, started), asMap(over, started), path, rules);
};

const mergeNames: Merge = (base, over, path, rules) =>
  mergeMaps(
    asMap(base, () => null),
    asMap(over, () => null),
    path,
    rules,
  );

/** Options of different drivers are not merged. */
const mergeLogging: Merge = (base, over, path, rules) => {
  if (!isMap(base) || !isMap(over)) return over;
  const isSame = base.driver === undefined || over.driver === undefined || base.driver === over.driver;
  return isSame ? mergeMaps(base, over, path, rules) : over;
};

/** Pools of one subnet are merged. */
const mergePools: Merge = (base, over, path, rules) => {
  if (!isList(base) || !isList(over)) throw unlike(path);
  const pools: TreeMap[] = [];
  const put = (pool: TreeMap) => {
    const index = pools.findIndex(({ subnet }) => subnet === pool.subnet);
    if (index === -1) pools.push(pool);
    else pools[index] = pool;
  };
  for (const original of base.filter(isMap)) {
    // The same object, because later merges refer to its position.
    const merged = newMap(Object.entries(original));
    for (const pool of over.filter(isMap)) {
      if (pool.subnet !== merged.subnet && !pools.some(({ subnet }) => subnet === pool.subnet)) {
        pools.push(pool);
        continue;
      }
      Object.assign(merged, mergeMaps(merged, pool, path, rules));
      put(merged);
    }
  }
  return pools;
};

const all = (rule: Merge, patterns: readonly string[]) =>
  Object.fromEntries(patterns.map((pattern) => [pattern, rule]));

const mergeRules = compileRules<Merge>({
  ...all(joinAsLists, [
    'networks.*.labels',
    'volumes.*.labels',
    'services.*.annotations',
    'services.*.build.args',
    'services.*.build.additional_contexts',
    'services.*.build.labels',
    'services.*.deploy.labels',
    'services.*.dns',
    'services.*.dns_opt',
    'services.*.dns_search',
    'services.*.env_file',
    'services.*.label_file',
    'services.*.environment',
    'services.*.labels',
    'services.*.volumes.*.volume.labels',
    'services.*.sysctls',
    'services.*.tmpfs',
  ]),
  ...all(replace, [
    'services.*.command',
    'services.*.entrypoint',
    'services.*.healthcheck.test',
    'services.*.ulimits.*',
  ]),
  ...all(joinHosts, ['services.*.build.extra_hosts', 'services.*.extra_hosts']),
  ...all(mergeNames, ['services.*.models', 'services.*.networks']),
  'networks.*.ipam.config': mergePools,
  'services.*.build': mergeBuild,
  'services.*.depends_on': mergeDependencies,
  'services.*.logging': mergeLogging,
});
