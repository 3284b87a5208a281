import type Dockerode from 'dockerode';
import type { ContainerSpec } from '../model/container.ts';
import { isOlder } from './api-version.ts';
import type { Connection } from './connection.ts';
import { containerApi, SINCE } from './container-api.ts';
import { containerRequest } from './container-request.ts';
import { removeContainer } from './containers.ts';
import { endpointRequest } from './endpoint-request.ts';
import { pathName } from './path-name.ts';

/** `Engine.createContainer`. If another of its networks cannot be connected, removes the container again. */
export async function createContainer(
  connection: Connection,
  spec: ContainerSpec,
  warn?: (words: string) => void,
): Promise<string> {
  const doing = `create container "${spec.name}"`;
  const apiVersion = containerApi(spec, connection.api);
  const docker = connection.dockerAt(apiVersion);
  const { Id, Warnings } = await connection.ask<Created>(
    doing,
    create(docker, spec, containerRequest(spec, apiVersion)),
  );
  for (const words of Warnings ?? []) warn?.(words);
  if (!isOlder(apiVersion, SINCE.endpoints) || spec.networkMode !== undefined) return Id;
  try {
    for (const endpoint of spec.networks.slice(1)) {
      const network = docker.getNetwork(pathName(endpoint.name));
      const options = { Container: Id, EndpointConfig: endpointRequest(endpoint, apiVersion) };
      await connection.ask(doing, network.connect(options));
    }
  } catch (error) {
    await removeContainer(connection, Id, { force: true }).catch(() => undefined);
    throw error;
  }
  return Id;
}

interface Created {
  readonly Id: string;
  readonly Warnings?: readonly string[] | null;
}

/** dockerode's own `createContainer` returns only the id and loses the engine's warnings. */
const create = ({ modem }: Dockerode, { name, platform }: ContainerSpec, body: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const request = {
      path: '/containers/create?',
      method: 'POST',
      options: { _query: { name, platform }, _body: body },
    };
    modem.dial(request, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
