import { type Connection, statusOf } from './connection.ts';

const pathOf = (name: string): string => `/networks/${encodeURIComponent(name)}`;

/** `Engine.inspectNetwork`. */
export async function inspectNetwork(
  connection: Connection,
  name: string,
): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined> {
  const found = await connection.find<{ Labels?: Record<string, string> | null }>({
    doing: `inspect network "${name}"`,
    path: pathOf(name),
  });
  return found && { labels: found.Labels ?? {} };
}

/** `Engine.createNetwork`. A bridge; one that is there already is kept. */
export async function createNetwork(
  connection: Connection,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await connection.json({
      doing: `create network "${name}"`,
      method: 'POST',
      path: '/networks/create',
      body: { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: labels },
    });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

/** `Engine.removeNetwork`. A missing network is fine. */
export async function removeNetwork(connection: Connection, name: string): Promise<void> {
  await connection.find({ doing: `remove network "${name}"`, method: 'DELETE', path: pathOf(name) });
}
