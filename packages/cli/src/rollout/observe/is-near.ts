import { networkInterfaces } from 'node:os';
import type { Engine } from '../../model/engine.ts';

/** The option of a bridge network that names its bridge. */
const BRIDGE_NAME = 'com.docker.network.bridge.name';

/**
 * Whether this machine is on a network of the engine: it has the network's bridge. An engine in a machine or a network
 * namespace of its own, such as Docker Desktop or a rootless one, gives its containers addresses that lead nowhere here,
 * or to somebody else: another engine's containers may have the same ones. The bridge tells them apart, for the engine
 * names it after the network's id. Where lobbie runs in a container, it has no bridges either.
 */
export async function isNear(
  engine: Pick<Engine, 'endpoint' | 'inspectNetwork'>,
  network: string,
  interfaces: () => Readonly<Record<string, unknown>> = networkInterfaces,
): Promise<boolean> {
  if (!engine.endpoint.local) return false;
  const details = await engine.inspectNetwork(network);
  if (details === undefined) return false;
  return Object.hasOwn(interfaces(), details.driverOpts[BRIDGE_NAME] ?? `br-${details.id.slice(0, 12)}`);
}
