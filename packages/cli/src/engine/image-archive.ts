import type { Readable } from 'node:stream';
import { LobbieError } from '../model/errors.ts';
import type { Connection } from './connection.ts';
import { engineError } from './engine-error.ts';
import { failureOf, type StreamLine } from './failure-of.ts';
import { jsonLines } from './json-lines.ts';

/** `Engine.saveImage`. */
export const saveImage = (connection: Connection, reference: string, signal: AbortSignal): Promise<Readable> =>
  connection.stream({
    doing: `save image "${reference}"`,
    path: '/images/get',
    query: { names: reference },
    signal,
  });

/** `Engine.loadImage`. The engine answers 200 to an archive that it cannot read: the failure is a line in the stream. */
export async function loadImage(connection: Connection, tar: Readable, signal: AbortSignal): Promise<void> {
  const doing = 'load the image';
  try {
    const stream = await connection.stream({
      doing,
      method: 'POST',
      path: '/images/load',
      query: { quiet: true },
      tar,
      signal,
    });
    for await (const line of jsonLines<StreamLine>(stream)) {
      const failure = failureOf(line);
      if (failure !== undefined)
        throw new LobbieError('IMAGE_LOAD_FAILED', `The engine cannot load the image: ${failure}`);
    }
  } catch (error) {
    throw engineError(error, doing, connection.endpoint, signal);
  }
}
