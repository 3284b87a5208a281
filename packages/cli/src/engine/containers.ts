import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import type { ContainerDetails, ContainerSummary } from '../model/container.ts';
import type { RemoveOptions } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { RestartPolicy } from '../model/service.ts';
import type { Connection } from './connection.ts';
import { detailsOf, type InspectedContainer, type ListedContainer, summaryOf } from './container-answer.ts';
import { engineError } from './engine-error.ts';
import { hijackedStream } from './hijacked-stream.ts';
import { restartRequest } from './host-config.ts';
import { isName, pathName } from './path-name.ts';

/** dockerode's client of one container. */
export const containerOf = ({ docker }: Connection, container: string): Dockerode.Container =>
  docker.getContainer(pathName(container));

/** `Engine.listContainers` and `listAllContainers`. */
export async function listContainers(
  connection: Connection,
  labels: Readonly<Record<string, string>>,
): Promise<ContainerSummary[]> {
  const options = { all: true, filters: { label: labelFilter(labels) } };
  const listed = connection.docker.listContainers(options);
  return (await connection.ask<ListedContainer[]>('list containers', listed)).map(summaryOf);
}

/** Labels in the form of the engine's filters. */
export const labelFilter = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`);

/** `Engine.inspectContainer`. */
export async function inspectContainer(
  connection: Connection,
  container: string,
): Promise<ContainerDetails | undefined> {
  if (!isName(container)) return undefined;
  const answer = containerOf(connection, container).inspect();
  const inspected = await connection.find<InspectedContainer>(`inspect container "${container}"`, answer);
  return inspected && detailsOf(inspected);
}

/** `Engine.startContainer`. */
export async function startContainer(connection: Connection, container: string): Promise<void> {
  await connection.ask(`start container "${container}"`, containerOf(connection, container).start());
}

/** `Engine.stopContainer`. */
export async function stopContainer(connection: Connection, container: string, timeoutMs: number): Promise<void> {
  const stopped = containerOf(connection, container).stop({ t: Math.ceil(timeoutMs / 1000) });
  await connection.find(`stop container "${container}"`, stopped);
}

/** `Engine.setRestartPolicy`. */
export async function setRestartPolicy(
  connection: Connection,
  container: string,
  restart: RestartPolicy,
): Promise<void> {
  const updated = containerOf(connection, container).update({ RestartPolicy: restartRequest(restart) });
  await connection.find(`set the restart policy of container "${container}"`, updated);
}

/** `Engine.renameContainer`. */
export async function renameContainer(connection: Connection, container: string, name: string): Promise<void> {
  const renamed = containerOf(connection, container).rename({ name });
  await connection.ask(`rename container "${container}" to "${name}"`, renamed);
}

/** `Engine.removeContainer`. */
export async function removeContainer(
  connection: Connection,
  container: string,
  options: RemoveOptions = {},
): Promise<void> {
  try {
    const { force = false, keepVolumes = false } = options;
    const removed = containerOf(connection, container).remove({ v: !keepVolumes, force });
    await connection.find(`remove container "${container}"`, removed);
  } catch (error) {
    // Another command, or AutoRemove, is removing it.
    if (error instanceof LobbieError && error.facts.refusal?.reason === 'removal-in-progress') return;
    throw error;
  }
}

/** `Engine.attach`. Reads and drops the output. Otherwise the end would not be noticed. */
export async function attach(connection: Connection, container: string): Promise<Duplex> {
  const doing = `attach to container "${container}"`;
  const attached = containerOf(connection, container).attach({ hijack: true, stream: true, stdin: true, stdout: true });
  const hijacked = await connection.ask<Duplex>(doing, attached);
  return hijackedStream(hijacked, (error) => engineError(error, doing, connection.endpoint)).resume();
}
