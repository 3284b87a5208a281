import type { ComposeConfig } from './compose-config.ts';
import type { ServiceConfig } from './service-config.ts';

const NAMESPACES = ['network_mode', 'ipc', 'pid'] as const;

/**
 * The config in which `container:NAME` of a container of the project is `service:NAME`. Where a service has an ingress,
 * the ingress has the container's name, and nobody means to join the namespaces of that.
 */
export function ownNamespaces(config: ComposeConfig): ComposeConfig {
  const owners = ownersOf(config);
  const services = Object.entries(config.services).map(([name, service]) => [name, withOwners(service, owners)]);
  return { ...config, services: Object.fromEntries(services) };
}

/** Services by the names of their containers: the one in the file, or the one that Docker Compose gives to the first. */
const ownersOf = ({ name: project, services }: ComposeConfig): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(services)
      .map(([name, service]): [string, string] => [service.container_name ?? `${project}-${name}-1`, name])
      // One that is written in the file goes before one that is given.
      .toSorted(([, a], [, b]) => Number(named(services[a])) - Number(named(services[b]))),
  );

const named = (service: ServiceConfig | undefined): boolean => service?.container_name !== undefined;

function withOwners(service: ServiceConfig, owners: ReadonlyMap<string, string>): ServiceConfig {
  const joined: ServiceConfig = { ...service };
  for (const key of NAMESPACES) {
    const owner = owners.get(/^container:\/?(.+)$/.exec(service[key] ?? '')?.[1] ?? '');
    if (owner === undefined) continue;
    joined[key] = `service:${owner}`;
    // As Docker Compose implies it of `service:`.
    const implied = { condition: 'service_started', restart: true, required: true } as const;
    joined.depends_on = { [owner]: implied, ...joined.depends_on };
  }
  return joined;
}
