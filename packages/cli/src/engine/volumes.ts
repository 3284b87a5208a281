import type { VolumeSpec } from '../model/engine-spec.ts';
import type { Connection } from './connection.ts';

const pathOf = (name: string): string => `/volumes/${encodeURIComponent(name)}`;

/** `Engine.inspectVolume`. */
export async function inspectVolume(
  connection: Connection,
  name: string,
): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined> {
  const found = await connection.find<{ Labels?: Record<string, string> | null }>({
    doing: `inspect volume "${name}"`,
    path: pathOf(name),
  });
  return found && { labels: found.Labels ?? {} };
}

/** `Engine.listVolumes` */
export async function listVolumes(
  connection: Connection,
  labels: Readonly<Record<string, string>>,
): Promise<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }[]> {
  const label = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const { Volumes } = await connection.json<{
    Volumes: { Name: string; Labels: Record<string, string> | null }[] | null;
  }>({
    doing: 'list volumes',
    path: `/volumes?filters=${encodeURIComponent(JSON.stringify({ label }))}`,
  });
  return (Volumes ?? []).map(({ Name, Labels }) => ({ name: Name, labels: Labels ?? {} }));
}

/** `Engine.createVolume`: the engine answers with the existing volume where there is one. */
export async function createVolume(connection: Connection, volume: VolumeSpec): Promise<void> {
  const { name, labels, driver, driverOpts } = volume;
  await connection.json({
    doing: `create volume "${name}"`,
    method: 'POST',
    path: '/volumes/create',
    body: {
      Name: name,
      Labels: labels,
      ...(driver !== undefined && { Driver: driver }),
      ...(driverOpts && { DriverOpts: driverOpts }),
    },
  });
}

/** `Engine.removeVolume`. A missing volume is fine. */
export async function removeVolume(connection: Connection, name: string): Promise<void> {
  await connection.find({ doing: `remove volume "${name}"`, method: 'DELETE', path: pathOf(name) });
}
