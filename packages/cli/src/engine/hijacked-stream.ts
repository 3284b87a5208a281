import { Duplex } from 'node:stream';
import type { LobbieError } from '../model/errors.ts';
import { demultiplexer } from './demultiplex.ts';

export interface HijackOptions {
  /** Called with the output on stderr. Without it, this output is dropped. */
  readonly heard?: (stderr: Buffer) => void;
  /** Reads the first bytes: the error if the program could not start; undefined if they are its output. */
  readonly refusedBy?: (first: Buffer) => LobbieError | undefined;
}

/**
 * A container's or exec's stdin and stdout as one stream, over a hijacked connection. Ending it closes stdin and leaves
 * stdout open; destroying it closes both. It ends when the program ends. Reading slowly slows the program down, and a
 * write completes when the connection has accepted it.
 */
export function hijackedStream(
  connection: Duplex,
  toError: (error: Error) => LobbieError,
  { heard, refusedBy }: HijackOptions = {},
): Duplex {
  let begun = false;
  const feed = demultiplexer((stream, payload) => {
    if (stream === 'stderr') {
      heard?.(payload);
      return;
    }
    const refused = begun ? undefined : refusedBy?.(payload);
    begun = true;
    if (refused !== undefined) duplex.destroy(refused);
    else if (!duplex.push(payload)) connection.pause();
  });

  const duplex = new Duplex({
    allowHalfOpen: false,
    read: () => void connection.resume(),
    write: (chunk: Buffer, _encoding, done) => void connection.write(chunk, done),
    writev: (chunks, done) => {
      connection.cork();
      for (const { chunk } of chunks.slice(0, -1)) connection.write(chunk);
      connection.write(chunks.at(-1)?.chunk, done);
      connection.uncork();
    },
    final: (done) => void connection.end(done),
    destroy: (error, done) => {
      connection.destroy();
      done(error);
    },
  });

  connection.on('data', feed);
  connection.on('end', () => duplex.push(null));
  connection.on('error', (error) => duplex.destroy(toError(error)));
  connection.on('close', () => {
    // A connection that closes without an end (a reset without an error) still has to end the stream.
    if (!duplex.readableEnded && !connection.readableEnded) duplex.destroy();
  });
  return duplex;
}
