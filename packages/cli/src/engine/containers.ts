import type { Duplex } from 'node:stream';
import type { ContainerDetails, ContainerSummary } from '../model/container.ts';
import type { RemoveOptions } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { RestartPolicy } from '../model/service.ts';
import type { Connection } from './connection.ts';
import { detailsOf, type InspectedContainer, type ListedContainer, summaryOf } from './container-answer.ts';
import { engineError } from './engine-error.ts';
import { hijackedStream } from './hijacked-stream.ts';
import { restartRequest } from './host-config.ts';

const pathOf = (container: string): string => `/containers/${encodeURIComponent(container)}`;

/** `Engine.listContainers` and `listAllContainers`. */
export async function listContainers(
  connection: Connection,
  labels: Readonly<Record<string, string>>,
): Promise<ContainerSummary[]> {
  const listed = await connection.json<ListedContainer[]>({
    doing: 'list containers',
    path: '/containers/json',
    query: { all: true, filters: { label: labelFilter(labels) } },
  });
  return listed.map(summaryOf);
}

/** Labels as the engine's filters take them. */
export const labelFilter = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`);

/** `Engine.inspectContainer`. */
export async function inspectContainer(
  connection: Connection,
  container: string,
): Promise<ContainerDetails | undefined> {
  const inspected = await connection.find<InspectedContainer>({
    doing: `inspect container "${container}"`,
    path: `${pathOf(container)}/json`,
  });
  return inspected && detailsOf(inspected);
}

/** `Engine.startContainer`. */
export async function startContainer(connection: Connection, container: string): Promise<void> {
  await connection.json({
    doing: `start container "${container}"`,
    method: 'POST',
    path: `${pathOf(container)}/start`,
  });
}

/** `Engine.stopContainer`. */
export async function stopContainer(connection: Connection, container: string, timeoutMs: number): Promise<void> {
  await connection.find({
    doing: `stop container "${container}"`,
    method: 'POST',
    path: `${pathOf(container)}/stop`,
    query: { t: Math.ceil(timeoutMs / 1000) },
  });
}

/** `Engine.setRestartPolicy`. */
export async function setRestartPolicy(
  connection: Connection,
  container: string,
  restart: RestartPolicy,
): Promise<void> {
  await connection.find({
    doing: `set the restart policy of container "${container}"`,
    method: 'POST',
    path: `${pathOf(container)}/update`,
    body: { RestartPolicy: restartRequest(restart) },
  });
}

/** `Engine.renameContainer`. */
export async function renameContainer(connection: Connection, container: string, name: string): Promise<void> {
  await connection.json({
    doing: `rename container "${container}" to "${name}"`,
    method: 'POST',
    path: `${pathOf(container)}/rename`,
    query: { name },
  });
}

/** `Engine.removeContainer`. */
export async function removeContainer(
  connection: Connection,
  container: string,
  options: RemoveOptions = {},
): Promise<void> {
  try {
    await connection.find({
      doing: `remove container "${container}"`,
      method: 'DELETE',
      path: pathOf(container),
      query: { v: !options.keepVolumes, force: options.force ?? false },
    });
  } catch (error) {
    // Another command, or AutoRemove, is removing it.
    if (error instanceof LobbieError && error.facts.refusal?.reason === 'removal-in-progress') return;
    throw error;
  }
}

/** `Engine.attach`. Output is read and dropped, so that the end is seen without anyone reading. */
export async function attach(connection: Connection, container: string): Promise<Duplex> {
  const doing = `attach to container "${container}"`;
  const hijacked = await connection.hijack({
    doing,
    method: 'POST',
    path: `${pathOf(container)}/attach`,
    query: { stream: true, stdin: true, stdout: true },
  });
  return hijackedStream(hijacked, (error) => engineError(error, doing, connection.endpoint)).resume();
}
