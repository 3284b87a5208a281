import type { ContainerSpec } from '../model/container.ts';
import { isOlder } from './api-version.ts';
import type { Connection } from './connection.ts';
import { containerApi, SINCE } from './container-api.ts';
import { containerRequest } from './container-request.ts';
import { removeContainer } from './containers.ts';
import { endpointRequest } from './endpoint-request.ts';

/** `Engine.createContainer`. What was created is removed again when a further network cannot be connected. */
export async function createContainer(
  connection: Connection,
  spec: ContainerSpec,
  warn?: (words: string) => void,
): Promise<string> {
  const doing = `create container "${spec.name}"`;
  const apiVersion = containerApi(spec, connection.api);
  const { Id, Warnings } = await connection.json<{ Id: string; Warnings?: readonly string[] | null }>({
    doing,
    method: 'POST',
    path: '/containers/create',
    query: { name: spec.name, platform: spec.platform },
    body: containerRequest(spec, apiVersion),
    apiVersion,
  });
  for (const words of Warnings ?? []) warn?.(words);
  if (!isOlder(apiVersion, SINCE.endpoints) || spec.networkMode !== undefined) return Id;
  try {
    for (const endpoint of spec.networks.slice(1)) {
      await connection.json({
        doing,
        method: 'POST',
        path: `/networks/${encodeURIComponent(endpoint.name)}/connect`,
        body: { Container: Id, EndpointConfig: endpointRequest(endpoint, apiVersion) },
        apiVersion,
      });
    }
  } catch (error) {
    await removeContainer(connection, Id, { force: true }).catch(() => undefined);
    throw error;
  }
  return Id;
}
