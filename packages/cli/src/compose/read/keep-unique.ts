import { goFormat } from '../go-format.ts';
import { parseVolume } from '../parse/parse-volume.ts';
import { compileRules, type Rules, rulesBelow } from '../rules.ts';
import { isList, isMap, mapValues, type Tree, type TreeMap } from '../tree.ts';

/** A key for list items that mean the same thing; undefined: the item is always unique. */
type KeyOf = (item: Tree) => string | undefined;

/**
 * Keeps only the last of several list items with the same meaning (one variable, one mount point, one port), in the
 * place of the first.
 */
export function keepUnique(tree: TreeMap): TreeMap {
  return mapValues(tree, (value, key) => visit(value, rulesBelow(uniqueRules, key)));
}

function visit(value: Tree, rules: Rules<KeyOf> | undefined): Tree {
  if (rules === undefined) return value;
  if (isMap(value)) return mapValues(value, (entry, key) => visit(entry, rulesBelow(rules, key)));
  if (!isList(value) || rules.rule === undefined) return value;
  const kept: Tree[] = [];
  const places = new Map<string, number>();
  for (const item of value) {
    const key: string | undefined = rules.rule(item);
    const place = key === undefined ? undefined : places.get(key);
    if (place !== undefined) kept[place] = item;
    else if (kept.push(item) && key !== undefined) places.set(key, kept.length - 1);
  }
  return kept;
}

const beforeEquals: KeyOf = (item) => (typeof item === 'string' ? item.split('=', 1)[0] : undefined);

const wholeText: KeyOf = (item) => goFormat(item);

const target = (item: Tree): string | undefined =>
  isMap(item) && typeof item.target === 'string' ? item.target : undefined;

const mountPoint: KeyOf = (item) => {
  if (typeof item !== 'string') return target(item);
  const { volume } = parseVolume(item);
  return volume?.target;
};

const device: KeyOf = (item) => {
  if (typeof item !== 'string') return target(item);
  const [source, inside] = item.split(':');
  return inside ?? source;
};

const envFile: KeyOf = (item) =>
  typeof item === 'string' ? item : isMap(item) && typeof item.path === 'string' ? item.path : undefined;

const fileBelow =
  (directory: string): KeyOf =>
  (item) =>
    isMap(item) ? (target(item) ?? `${directory}/${goFormat(item.source ?? null)}`) : `${directory}/${goFormat(item)}`;

const port: KeyOf = (item) => {
  if (!isMap(item)) return goFormat(item);
  const { host_ip = '0.0.0.0', published = null, target: inside = null, protocol = 'tcp' } = item;
  // Docker Compose treats a number and its text as different ports.
  return `${typeof published} ${[host_ip, published, inside, protocol].map(goFormat).join(':')}`;
};

const service = (keys: readonly string[], keyOf: KeyOf): Record<string, KeyOf> =>
  Object.fromEntries(keys.map((key) => [`services.*.${key}`, keyOf]));

const uniqueRules = compileRules<KeyOf>({
  ...service(
    [
      'annotations',
      'build.args',
      'build.additional_contexts',
      'build.tags',
      'build.labels',
      'cap_add',
      'cap_drop',
      'deploy.labels',
      'dns',
      'dns_opt',
      'dns_search',
      'environment',
      'labels',
      'links',
      'networks.*.aliases',
      'networks.*.link_local_ips',
      'profiles',
      'sysctls',
      'tmpfs',
    ],
    beforeEquals,
  ),
  ...service(['expose'], wholeText),
  ...service(['configs'], fileBelow('')),
  ...service(['secrets'], fileBelow('/run/secrets')),
  ...service(['env_file'], envFile),
  ...service(['ports'], port),
  ...service(['volumes'], mountPoint),
  ...service(['devices'], device),
  'networks.*.labels': beforeEquals,
});
