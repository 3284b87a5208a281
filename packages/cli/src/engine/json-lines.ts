import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UnexpectedAnswer } from './engine-answer.ts';

/**
 * The JSON values of a stream with one value on each line, as in builds, pulls and events. Leaving the loop ends the
 * stream. Throws {@link UnexpectedAnswer} for a line that is not JSON.
 */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  // readline does not pass on its input's errors; closing ends the loop, and the error is thrown after it.
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
    lines.close();
  });
  try {
    for await (const line of lines) if (line.trim() !== '') yield parse<T>(line);
    if (failure) throw failure;
  } finally {
    stream.destroy();
  }
}

function parse<T>(line: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    // If the engine goes away, only the beginning of a line may arrive.
    throw line.startsWith('{')
      ? new Error('aborted in the middle of a line', { cause })
      : new UnexpectedAnswer(undefined, line);
  }
  if (typeof value !== 'object' || value === null) throw new UnexpectedAnswer(undefined, line);
  // The cast is safe: the caller knows what the engine sends.
  return value as T;
}
