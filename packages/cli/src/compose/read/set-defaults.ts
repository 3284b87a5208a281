import { goFormat } from '../go-format.ts';
import { isList, isMap, mapValues, newMap, type Tree, type TreeMap, withEntries } from '../tree.ts';

/** Fills in defaults: build context, targets of secrets, protocol and mode of ports, all devices. */
export function setDefaults(tree: TreeMap): TreeMap {
  if (!isMap(tree.services)) return tree;
  return withEntries(tree, {
    services: mapValues(tree.services, (service) => (isMap(service) ? defaultService(service) : service)),
  });
}

function defaultService(service: TreeMap): TreeMap {
  const { build, secrets, ports, gpus, deploy } = service;
  return withEntries(service, {
    build: isMap(build) ? under(build, { context: '.' }) : undefined,
    secrets: eachMap(secrets, (secret) => under(secret, { target: `/run/secrets/${goFormat(secret.source ?? null)}` })),
    ports: eachMap(ports, (port) => under(port, { protocol: 'tcp', mode: 'ingress' })),
    gpus: eachMap(gpus, defaultDevice),
    deploy: isMap(deploy) ? defaultDeploy(deploy) : undefined,
  });
}

function defaultDeploy(deploy: TreeMap): TreeMap {
  const reservations = isMap(deploy.resources) ? deploy.resources.reservations : undefined;
  if (!isMap(deploy.resources) || !isMap(reservations)) return deploy;
  const devices = eachMap(reservations.devices, defaultDevice);
  return withEntries(deploy, {
    resources: withEntries(deploy.resources, { reservations: withEntries(reservations, { devices }) }),
  });
}

const defaultDevice = (device: TreeMap): TreeMap =>
  'count' in device || 'device_ids' in device ? device : withEntries(device, { count: 'all' });

/** The defaults with the map's values over them. */
const under = (map: TreeMap, defaults: Record<string, Tree>): TreeMap =>
  withEntries(newMap(Object.entries(defaults)), map);

const eachMap = (list: Tree | undefined, change: (item: TreeMap) => TreeMap): Tree | undefined =>
  isList(list) ? list.map((item) => (isMap(item) ? change(item) : item)) : undefined;
