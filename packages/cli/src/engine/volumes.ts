import type { Connection } from './connection.ts';

/** `Engine.createVolume`: the engine answers with the existing volume where there is one. */
export async function createVolume(
  connection: Connection,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  await connection.json({
    doing: `create volume "${name}"`,
    method: 'POST',
    path: '/volumes/create',
    body: { Name: name, Labels: labels },
  });
}

/** `Engine.volumeExists`. */
export async function volumeExists(connection: Connection, name: string): Promise<boolean> {
  const found = await connection.find({
    doing: `inspect volume "${name}"`,
    path: `/volumes/${encodeURIComponent(name)}`,
  });
  return found !== undefined;
}

/** `Engine.removeVolume`. A missing volume is fine. */
export async function removeVolume(connection: Connection, name: string): Promise<void> {
  await connection.find({
    doing: `remove volume "${name}"`,
    method: 'DELETE',
    path: `/volumes/${encodeURIComponent(name)}`,
  });
}
