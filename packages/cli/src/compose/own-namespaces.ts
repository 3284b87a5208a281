import type { ComposeConfig } from './compose-config.ts';
import type { ServiceConfig } from './service-config.ts';

const NAMESPACES = ['network_mode', 'ipc', 'pid'] as const;

/**
 * Replaces `container:NAME` by `service:NAME` if the container belongs to the project. If the service has an ingress,
 * the ingress has the container's name, but sharing the ingress's namespaces is never meant.
 */
export function ownNamespaces(config: ComposeConfig): ComposeConfig {
  const owners = ownersOf(config);
  const services = Object.entries(config.services).map(([name, service]) => [name, withOwners(service, owners)]);
  return { ...config, services: Object.fromEntries(services) };
}

/** Services by container name: the name in the file, or the name that Docker Compose gives to the first container. */
const ownersOf = ({ name: project, services }: ComposeConfig): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(services)
      .map(([name, service]): [string, string] => [service.container_name ?? `${project}-${name}-1`, name])
      // A name in the file takes precedence over a generated one.
      .toSorted(([, a], [, b]) => Number(named(services[a])) - Number(named(services[b]))),
  );

const named = (service: ServiceConfig | undefined): boolean => service?.container_name !== undefined;

function withOwners(service: ServiceConfig, owners: ReadonlyMap<string, string>): ServiceConfig {
  const joined: ServiceConfig = { ...service };
  for (const key of NAMESPACES) {
    const owner = owners.get(/^container:\/?(.+)$/.exec(service[key] ?? '')?.[1] ?? '');
    if (owner === undefined) continue;
    joined[key] = `service:${owner}`;
    // Docker Compose implies this for `service:`.
    const implied = { condition: 'service_started', restart: true, required: true } as const;
    joined.depends_on = { [owner]: implied, ...joined.depends_on };
  }
  return joined;
}
