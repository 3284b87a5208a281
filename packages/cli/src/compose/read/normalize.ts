import { posix } from 'node:path';
import { isList, isMap, mapValues, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';

/**
 * Adds the values that Compose implies: the default network, names on the engine, dependencies from links, shared
 * namespaces and volumes_from, the Dockerfile, and values for names without a value in environment and build args.
 */
export function normalize(tree: TreeMap, name: string, environment: Readonly<Record<string, string>>): TreeMap {
  const services = isMap(tree.services) ? tree.services : newMap();
  const joined = mapValues(services, (service) => (isMap(service) ? joinDefaultNetwork(service) : service));
  const usesDefault = Object.values(joined).some(
    (service) => isMap(service) && isMap(service.networks) && 'default' in service.networks,
  );
  const networks = isMap(tree.networks) ? newMap(Object.entries(tree.networks)) : newMap();
  if (usesDefault && !('default' in networks)) networks.default = null;
  const lookup = (key: string) => (Object.hasOwn(environment, key) ? environment[key] : undefined);
  const normalized = withEntries(tree, {
    name,
    services: mapValues(joined, (service) => (isMap(service) ? normalizeService(service, lookup) : service)),
    networks: Object.keys(networks).length > 0 ? networks : undefined,
  });
  for (const kind of ['networks', 'volumes', 'secrets', 'configs']) {
    const resources = normalized[kind];
    if (isMap(resources)) normalized[kind] = mapValues(resources, (resource, key) => nameResource(resource, key, name));
  }
  return normalized;
}

function joinDefaultNetwork(service: TreeMap): TreeMap {
  if ('network_mode' in service || 'provider' in service) return service;
  const isJoined = isMap(service.networks) && Object.keys(service.networks).length > 0;
  return isJoined ? service : withEntries(service, { networks: newMap([['default', null]]) });
}

type Lookup = (key: string) => string | undefined;

function normalizeService(service: TreeMap, lookup: Lookup): TreeMap {
  const { build, environment, volumes, pull_policy } = service;
  const dependencies = withImpliedDependencies(service);
  return withEntries(service, {
    pull_policy: pull_policy === 'if_not_present' ? 'missing' : undefined,
    build: isMap(build) ? normalizeBuild(build, lookup) : undefined,
    environment: environment === undefined ? undefined : resolveBareNames(environment, lookup, true),
    volumes: isList(volumes) ? volumes.map(cleanTarget) : undefined,
    depends_on: Object.keys(dependencies).length > 0 ? dependencies : undefined,
  });
}

function normalizeBuild(build: TreeMap, lookup: Lookup): TreeMap {
  const { args, context, dockerfile, dockerfile_inline } = build;
  return withEntries(build, {
    context: context ?? '.',
    dockerfile: (dockerfile ?? null) === null && (dockerfile_inline ?? null) === null ? 'Dockerfile' : undefined,
    args: args === undefined ? undefined : resolveBareNames(args, lookup, false),
  });
}

/**
 * Takes the value of a bare name from the environment. If there is none, the name stays without a value or is left out.
 */
function resolveBareNames(value: Tree, lookup: Lookup, keep: boolean): Tree {
  if (isMap(value))
    return mapValues(value, (entry, key) => (entry !== null ? entry : (lookup(key) ?? (keep ? null : undefined))));
  if (!isList(value)) return value;
  return value.flatMap((item) => {
    if (typeof item !== 'string' || item.includes('=')) return [item];
    const found = lookup(item);
    return found !== undefined ? [`${item}=${found}`] : keep ? [item] : [];
  });
}

const cleanTarget = (volume: Tree): Tree =>
  isMap(volume) && typeof volume.target === 'string'
    ? withEntries(volume, { target: posix.normalize(volume.target).replace(/(?<=.)\/$/, '') })
    : volume;

function withImpliedDependencies(service: TreeMap): TreeMap {
  const dependencies = isMap(service.depends_on) ? newMap(Object.entries(service.depends_on)) : newMap();
  const imply = (name: string, restart: boolean) => {
    if (!(name in dependencies))
      dependencies[name] = newMap(Object.entries({ condition: 'service_started', restart, required: true }));
  };
  for (const link of texts(service.links)) {
    const [name = '', , ...more] = link.split(':');
    imply(more.length === 0 ? name : link, true);
  }
  for (const namespace of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const shared = service[namespace];
    if (typeof shared === 'string' && shared.startsWith('service:')) imply(shared.slice('service:'.length), true);
  }
  for (const source of texts(service.volumes_from)) {
    if (!source.startsWith('container:')) imply(source.split(':')[0] ?? '', false);
  }
  return dependencies;
}

const texts = (list: Tree | undefined): string[] =>
  isList(list) ? list.filter((item) => typeof item === 'string') : [];

function nameResource(resource: Tree, key: string, project: string): Tree {
  if (resource !== null && !isMap(resource)) return resource;
  const map = resource ?? newMap();
  if ((map.name ?? null) !== null) return map;
  return withEntries(map, { name: map.external === true || map.external === 'true' ? key : `${project}_${key}` });
}
