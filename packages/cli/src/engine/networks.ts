import type { NetworkSpec } from '../model/engine-spec.ts';
import { type Connection, statusOf } from './connection.ts';
import { networkRequest } from './network-request.ts';

const pathOf = (name: string): string => `/networks/${encodeURIComponent(name)}`;

/** `Engine.inspectNetwork`. */
export async function inspectNetwork(
  connection: Connection,
  name: string,
): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined> {
  try {
    const found = await connection.find<{ Name: string; Id: string; Labels?: Record<string, string> | null }>({
      doing: `inspect network "${name}"`,
      path: pathOf(name),
    });
    // The engine takes the beginning of an id for one too: `a` may find any network, or several.
    return found && (found.Name === name || found.Id === name) ? { labels: found.Labels ?? {} } : undefined;
  } catch (error) {
    if (statusOf(error) === 400 && error instanceof Error && /is ambiguous/.test(error.message)) return undefined;
    throw error;
  }
}

/** `Engine.createNetwork`. A bridge unless told otherwise; one that is there already is kept. */
export async function createNetwork(connection: Connection, network: NetworkSpec): Promise<void> {
  try {
    await connection.json({
      doing: `create network "${network.name}"`,
      method: 'POST',
      path: '/networks/create',
      ...networkRequest(network, connection.api),
    });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

/** `Engine.removeNetwork`. A missing network is fine. */
export async function removeNetwork(connection: Connection, name: string): Promise<void> {
  await connection.find({ doing: `remove network "${name}"`, method: 'DELETE', path: pathOf(name) });
}
