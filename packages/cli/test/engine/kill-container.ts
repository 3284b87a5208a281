import { homedir } from 'node:os';
import { createConnection } from '../../src/engine/connection.ts';
import { openModem } from '../../src/engine/open-modem.ts';
import type { Engine } from '../../src/model/engine.ts';

/** SIGKILL from outside of lobbie, which itself kills nothing. */
export async function killContainer(engine: Engine, container: string): Promise<void> {
  const surroundings = { env: process.env, homeDirectory: homedir(), platform: process.platform };
  const { modem, close } = await openModem(engine.endpoint, surroundings);
  try {
    const { apiVersion } = await engine.info();
    await createConnection(modem, engine.endpoint, { spoken: apiVersion, newest: apiVersion }).json({
      doing: `kill container "${container}"`,
      method: 'POST',
      path: `/containers/${encodeURIComponent(container)}/kill`,
    });
  } finally {
    close();
  }
}
