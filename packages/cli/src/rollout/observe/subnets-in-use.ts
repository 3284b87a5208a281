import { hostname } from 'node:os';
import type { Engine, EngineInfo } from '../../model/engine.ts';
import type { FoundNetwork } from '../../model/engine-spec.ts';
import { type HostRoutes, readHostRoutes } from './host-routes.ts';
import { bridgeOf, ownBridge } from './is-near.ts';

/** What a machine tells about itself. */
export interface Host {
  readonly name: string;
  readonly read: () => Promise<HostRoutes | undefined>;
}

const HERE: Host = { name: hostname(), read: readHostRoutes };

/**
 * The subnets that a new network must not overlap: those of the engine's networks, and those to which its machine has
 * a route or a nameserver. The engine does not compare a subnet that is given to it with these routes, so they must be
 * known.
 *
 * @returns undefined if the routes of the engine's machine are not known, as with a remote engine, Docker Desktop, a
 * rootless engine, or if lobbie runs in a container
 */
export async function subnetsInUse(
  { endpoint }: Pick<Engine, 'endpoint'>,
  { name, rootless }: Pick<EngineInfo, 'name' | 'rootless'>,
  networks: readonly FoundNetwork[],
  host: Host = HERE,
): Promise<string[] | undefined> {
  if (!endpoint.local || rootless || name !== host.name) return undefined;
  const found = await host.read();
  if (found === undefined || !hasBridges(found, networks)) return undefined;
  return [
    ...networks.flatMap(({ pools }) => pools.flatMap(({ subnet }) => subnet ?? [])),
    ...found.routes.map(({ subnet }) => subnet),
    ...found.nameservers.map((address) => `${address}/32`),
  ];
}

/**
 * Whether this machine has the bridges of the engine's networks: the engine has no machine or network namespace of its
 * own. A bridge named after its network's id is proof enough; other networks come and go meanwhile. `docker0` proves it
 * only if there is no other network, because each engine may have one.
 */
function hasBridges({ routes }: HostRoutes, networks: readonly FoundNetwork[]): boolean {
  const bridges = networks.filter(({ driver }) => driver === 'bridge');
  const unique = bridges.filter((network) => bridgeOf(network) === ownBridge(network));
  if (unique.length > 0) return unique.some((network) => routes.some(({ device }) => device === bridgeOf(network)));
  return bridges.some((network) =>
    network.pools.some(({ subnet }) =>
      routes.some((route) => route.device === bridgeOf(network) && route.subnet === subnet),
    ),
  );
}
