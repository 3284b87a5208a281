import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { jsonLines } from '../../src/engine/json-lines.ts';
import { openDocker } from '../../src/engine/open-docker.ts';
import type { Engine } from '../../src/model/engine.ts';

/** SIGKILL from outside of lobbie, which itself kills nothing. */
export const killContainer = (engine: Engine, container: string): Promise<void> =>
  connected(engine, (docker) => docker.getContainer(container).kill());

/** Pushes an image, which lobbie never does. */
export const pushImage = (engine: Engine, name: string, tag: string, authconfig: Dockerode.AuthConfig): Promise<void> =>
  connected(engine, async (docker) => {
    const stream = (await docker.getImage(name).push({ tag, authconfig })) as Readable;
    for await (const { error } of jsonLines<{ error?: string }>(stream)) if (error) throw new Error(error);
  });

async function connected<T>(engine: Engine, act: (docker: Dockerode) => Promise<T>): Promise<T> {
  const surroundings = { env: process.env, homeDirectory: homedir(), platform: process.platform };
  const { docker, close } = await openDocker(engine.endpoint, surroundings);
  try {
    return await act(docker((await engine.info()).apiVersion));
  } finally {
    close();
  }
}
