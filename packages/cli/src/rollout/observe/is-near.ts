import { networkInterfaces } from 'node:os';
import type { Engine } from '../../model/engine.ts';
import type { NetworkDetails } from '../../model/engine-spec.ts';

/** The option of a bridge network that sets the name of its bridge. */
const BRIDGE_NAME = 'com.docker.network.bridge.name';

/**
 * Whether this machine is on a network of the engine: it has the network's bridge. An engine in its own machine or
 * network namespace, such as Docker Desktop or a rootless one, gives its containers addresses that cannot be reached
 * from here, or that another engine's containers also have. The bridge shows the difference, because the engine names
 * it after the network's id. If lobbie runs in a container, there are no bridges either.
 */
export async function isNear(
  engine: Pick<Engine, 'endpoint' | 'inspectNetwork'>,
  network: string,
  interfaces: () => Readonly<Record<string, unknown>> = networkInterfaces,
): Promise<boolean> {
  if (!engine.endpoint.local) return false;
  const details = await engine.inspectNetwork(network);
  if (details === undefined) return false;
  return Object.hasOwn(interfaces(), bridgeOf(details));
}

/** The name of a network's bridge on the engine's machine. */
export const bridgeOf = (network: Pick<NetworkDetails, 'id' | 'driverOpts'>): string =>
  network.driverOpts[BRIDGE_NAME] ?? ownBridge(network);

/** The name that the engine gives a bridge. No other network has it. */
export const ownBridge = ({ id }: Pick<NetworkDetails, 'id'>): string => `br-${id.slice(0, 12)}`;
