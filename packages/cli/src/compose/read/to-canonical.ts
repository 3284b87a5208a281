import { goFormat } from '../go-format.ts';
import { countPorts, parsePorts } from '../parse/parse-ports.ts';
import { parseVolume } from '../parse/parse-volume.ts';
import { formatPath } from '../problem.ts';
import { compileRules, type Rules, rulesBelow } from '../rules.ts';
import { isList, isMap, mapValues, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';

/** Called with the path of a value that cannot be read. */
export type Report = (path: string, message: string) => void;

type Transform = (value: Tree, path: readonly (string | number)[], report: Report) => Tree;

/**
 * Expands every short form: ports, volumes, secrets, depends_on, build … Values that cannot be read are reported and
 * stay unchanged.
 */
export function toCanonical(tree: TreeMap, report: Report): TreeMap {
  if (portsOf(tree) > MOST_PORTS) {
    report('services', `more than ${MOST_PORTS} ports are published`);
    return tree;
  }
  return mapValues(tree, (value, key) => visit(value, rulesBelow(canonicalRules, key), [key], report));
}

/** All TCP and UDP ports. A few lines could describe millions. */
const MOST_PORTS = 131_072;

function portsOf({ services }: TreeMap): number {
  const lists = isMap(services)
    ? Object.values(services).map((service) => (isMap(service) ? service.ports : null))
    : [];
  return lists.reduce<number>(
    (sum, ports) =>
      sum + (isList(ports) ? ports.reduce<number>((own, port) => own + countPorts(goFormat(port)), 0) : 0),
    0,
  );
}

function visit(value: Tree, rules: Rules<Transform> | undefined, path: (string | number)[], report: Report): Tree {
  if (rules === undefined) return value;
  const transformed = rules.rule === undefined ? value : rules.rule(value, path, report);
  if (rules.below === undefined) return transformed;
  if (isList(transformed))
    return transformed.map((item, index) => visit(item, rulesBelow(rules, '[]'), [...path, index], report));
  if (!isMap(transformed)) return transformed;
  return mapValues(transformed, (entry, key) => visit(entry, rulesBelow(rules, key), [...path, key], report));
}

const toList: Transform = (value) => (typeof value === 'string' ? [value] : value);

const toText: Transform = (value) => (typeof value === 'string' ? value : goFormat(value));

const inMap =
  (key: string): Transform =>
  (value) =>
    typeof value === 'string' ? newMap([[key, value]]) : value;

/** A list of names as a mapping from each name to null. */
const toNames: Transform = (value) =>
  isList(value) ? newMap(value.map((name) => [goFormat(name), null] as const)) : value;

const toKeyValues: Transform = (value, path, report) => {
  if (!isList(value)) return value;
  return newMap(
    value.map((item) => {
      const text = goFormat(item);
      const equals = text.indexOf('=');
      if (equals === -1) report(formatPath(path), `expected key=value, got "${text}"`);
      return [text.slice(0, equals), text.slice(equals + 1)] as const;
    }),
  );
};

const toDependencies: Transform = (value) => {
  const defaults = newMap(Object.entries({ condition: 'service_started', required: true }));
  if (isList(value)) return newMap(value.map((name) => [goFormat(name), defaults] as const));
  if (!isMap(value)) return value;
  return mapValues(value, (dependency) => (isMap(dependency) ? withEntries(defaults, dependency) : dependency));
};

const toEnvFiles: Transform = (value) => {
  if (typeof value !== 'string' && !isList(value)) return value;
  const files = isList(value) ? value : [value];
  return files.map((file) => {
    if (isMap(file)) return 'required' in file ? file : withEntries(file, { required: true });
    return newMap([
      ['path', file],
      ['required', true],
    ]);
  });
};

const toPorts: Transform = (value, path, report) => {
  if (!isList(value)) return value;
  return value.flatMap((item, index) => {
    if (typeof item !== 'string' && typeof item !== 'number') return [item];
    const { ports, error } = parsePorts(goFormat(item));
    if (error !== undefined) report(formatPath([...path, index]), error);
    return ports ?? [];
  });
};

const toVolume: Transform = (value, path, report) => {
  if (typeof value !== 'string') return value;
  const { volume, error } = parseVolume(value);
  if (error !== undefined) report(formatPath(path), error);
  return volume ?? value;
};

const toDevice: Transform = (value, path, report) => {
  if (typeof value !== 'string') return value;
  const [source = '', inside = '', permissions = 'rwm', ...more] = value.split(':');
  if (more.length > 0) report(formatPath(path), `"${value}" has too many colons: use the long form`);
  return newMap(Object.entries({ source, target: inside === '' ? source : inside, permissions }));
};

const toSshKeys: Transform = (value, path, report) => {
  if (!isList(value)) return value;
  return newMap(
    value.map((item) => {
      const text = goFormat(item);
      const equals = text.indexOf('=');
      if (equals !== -1) return [text.slice(0, equals), text.slice(equals + 1)] as const;
      if (text !== 'default') report(formatPath(path), `"${text}" is not an ssh key: use id=path`);
      return [text, null] as const;
    }),
  );
};

const toGpus: Transform = (value) => (typeof value === 'string' ? [newMap([['count', 'all']])] : value);

/** `external: {name: x}` is the old form of `external: true` and `name: x`. */
const toExternal: Transform = (value, path, report) => {
  if (!isMap(value) || !isMap(value.external)) return value;
  const { name } = value.external;
  if (name !== undefined && value.name !== undefined && name !== value.name)
    report(formatPath(path), 'name and external.name differ: use name only');
  return withEntries(value, { external: true, name: value.name ?? name });
};

const canonicalRules = compileRules<Transform>({
  'services.*.build': inMap('context'),
  'services.*.build.secrets.[]': inMap('source'),
  'services.*.build.provenance': toText,
  'services.*.build.sbom': toText,
  'services.*.build.additional_contexts': toKeyValues,
  'services.*.build.ssh': toSshKeys,
  'services.*.depends_on': toDependencies,
  'services.*.env_file': toEnvFiles,
  'services.*.label_file': toList,
  'services.*.extends': inMap('service'),
  'services.*.gpus': toGpus,
  'services.*.networks': toNames,
  'services.*.models': toNames,
  'services.*.volumes.[]': toVolume,
  'services.*.dns': toList,
  'services.*.devices.[]': toDevice,
  'services.*.secrets.[]': inMap('source'),
  'services.*.configs.[]': inMap('source'),
  'services.*.ports': toPorts,
  'services.*.develop.watch.[].ignore': toList,
  'services.*.develop.watch.[].include': toList,
  'volumes.*': toExternal,
  'networks.*': toExternal,
  'secrets.*': toExternal,
  'configs.*': toExternal,
});
