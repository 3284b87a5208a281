import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { LobbieError } from '../model/errors.ts';
import type { Connection } from './connection.ts';
import { engineError } from './engine-error.ts';
import { failureOf, type StreamLine } from './failure-of.ts';
import { jsonLines } from './json-lines.ts';

/** `Engine.saveImage`. */
export async function saveImage(connection: Connection, reference: string, signal: AbortSignal): Promise<Readable> {
  const saved = withImages(connection.docker).getImages({ names: reference, abortSignal: signal });
  return connection.stream(`save image "${reference}"`, saved, signal);
}

interface WithImages {
  getImages(options: { readonly names: string; readonly abortSignal: AbortSignal }): Promise<NodeJS.ReadableStream>;
}

/** The types of dockerode leave this method out. `getImage(…).get()` takes no signal. */
const withImages = (docker: Dockerode): WithImages => docker as unknown as WithImages;

/**
 * `Engine.loadImage`. For an archive that it cannot read, the engine answers 200 and reports the failure in a line of
 * the stream.
 */
export async function loadImage(connection: Connection, tar: Readable, signal: AbortSignal): Promise<void> {
  const doing = 'load the image';
  try {
    const loaded = connection.docker.loadImage(tar, { quiet: true, abortSignal: signal });
    const stream = await connection.stream(doing, loaded, signal);
    for await (const line of jsonLines<StreamLine>(stream)) {
      const failure = failureOf(line);
      if (failure !== undefined)
        throw new LobbieError('IMAGE_LOAD_FAILED', `The engine cannot load the image: ${failure}`);
    }
  } catch (error) {
    throw engineError(error, doing, connection.endpoint, signal);
  }
}
