import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The JSON values of a stream with one a line, as builds, pulls and events send them. Leaving the loop ends the stream. */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  // readline does not pass on its input's errors; closing ends the loop, and the error is thrown after it.
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
    lines.close();
  });
  try {
    for await (const line of lines) if (line !== '') yield JSON.parse(line);
    if (failure) throw failure;
  } finally {
    stream.destroy();
  }
}
