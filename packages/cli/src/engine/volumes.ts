import type Dockerode from 'dockerode';
import type { VolumeSpec } from '../model/engine-spec.ts';
import type { Connection } from './connection.ts';
import { labelFilter } from './containers.ts';
import { inBody } from './in-body.ts';
import { isName, pathName } from './path-name.ts';

const volumeOf = ({ docker }: Connection, name: string): Dockerode.Volume => docker.getVolume(pathName(name));

/** `Engine.inspectVolume`. */
export async function inspectVolume(
  connection: Connection,
  name: string,
): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined> {
  if (!isName(name)) return undefined;
  const found = await connection.find<WireVolume>(`inspect volume "${name}"`, volumeOf(connection, name).inspect());
  return found && { labels: found.Labels ?? {} };
}

/** `Engine.listVolumes` */
export async function listVolumes(
  connection: Connection,
  labels: Readonly<Record<string, string>>,
): Promise<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }[]> {
  const options = { filters: { label: labelFilter(labels) } };
  const listed = connection.docker.listVolumes(options);
  const { Volumes } = await connection.ask<{ Volumes: WireVolume[] | null }>('list volumes', listed);
  return (Volumes ?? []).map(({ Name, Labels }) => ({ name: Name, labels: Labels ?? {} }));
}

interface WireVolume {
  readonly Name: string;
  readonly Labels?: Record<string, string> | null;
}

/** `Engine.createVolume`: if the volume exists, the engine returns it. */
export async function createVolume(connection: Connection, volume: VolumeSpec): Promise<void> {
  const { name, labels, driver, driverOpts } = volume;
  const request = { Name: name, Labels: labels, Driver: driver, DriverOpts: driverOpts };
  await connection.ask(`create volume "${name}"`, connection.docker.createVolume(inBody(request)));
}

/** `Engine.removeVolume`. Ignores a missing volume. */
export async function removeVolume(connection: Connection, name: string): Promise<void> {
  await connection.find(`remove volume "${name}"`, volumeOf(connection, name).remove());
}
