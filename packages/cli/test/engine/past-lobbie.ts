import { homedir } from 'node:os';
import { type Connection, createConnection } from '../../src/engine/connection.ts';
import { jsonLines } from '../../src/engine/json-lines.ts';
import { openModem } from '../../src/engine/open-modem.ts';
import type { Engine } from '../../src/model/engine.ts';

/** SIGKILL from outside of lobbie, which itself kills nothing. */
export const killContainer = (engine: Engine, container: string): Promise<void> =>
  connected(engine, (connection) =>
    connection.json({
      doing: `kill container "${container}"`,
      method: 'POST',
      path: `/containers/${encodeURIComponent(container)}/kill`,
    }),
  );

/** Pushes an image, which lobbie never does. */
export const pushImage = (engine: Engine, name: string, tag: string, registryAuth: object): Promise<void> =>
  connected(engine, async (connection) => {
    const stream = await connection.stream({
      doing: `push image "${name}:${tag}"`,
      method: 'POST',
      path: `/images/${name}/push`,
      query: { tag },
      registryAuth,
    });
    for await (const { error } of jsonLines<{ error?: string }>(stream)) if (error) throw new Error(error);
  });

async function connected<T>(engine: Engine, act: (connection: Connection) => Promise<T>): Promise<T> {
  const surroundings = { env: process.env, homeDirectory: homedir(), platform: process.platform };
  const { modem, close } = await openModem(engine.endpoint, surroundings);
  try {
    const { apiVersion } = await engine.info();
    return await act(createConnection(modem, engine.endpoint, { spoken: apiVersion, newest: apiVersion }));
  } finally {
    close();
  }
}
