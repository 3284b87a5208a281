import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** For how long, and how many bytes, to read and discard the rest of a request that is already answered. */
export interface Lingering {
  readonly ms: number;
  readonly bytes: number;
}

const LINGERING: Lingering = { ms: 30_000, bytes: 67_108_864 };

/** How often to check both limits. */
const LOOK_EVERY_MS = 100;

/**
 * Lets a server answer before a body has arrived: the rest is read and discarded, at most 64 MiB and for 30 s. Closing
 * a connection with unread bytes resets it, and the client loses the answer.
 */
export function lingerAfterAnswers(server: Server, lingering = LINGERING): void {
  const watch = (request: IncomingMessage, response: ServerResponse): void => {
    if (!hasBody(request)) return;
    // Runs before Node's own listener, which closes the connection if the answer says so.
    response.prependOnceListener('finish', () => {
      if (!request.complete && !request.destroyed) readOn(request, lingering);
    });
  };
  for (const event of ['request', 'checkExpectation']) server.prependListener(event, watch);
}

/** Whether too much of a body is left to keep the connection. */
export const isTooMuchLeft = (request: IncomingMessage): boolean =>
  !request.complete && Number(request.headers['content-length']) > LINGERING.bytes;

/** Ends a connection after the last answer: reads what the client still sends for a while. */
export function closeLingering(socket: Socket): void {
  boundReading(socket, LINGERING);
  socket.end();
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function readOn(request: IncomingMessage, lingering: Lingering): void {
  const { socket } = request;
  const stopLooking = boundReading(socket, lingering);
  // Node calls this to close a connection after its last answer. The client sees the end; the server reads until the
  // client ends too.
  socket.destroySoon = () => void socket.end();
  request.once('end', () => {
    stopLooking();
    // Restores the method of the class.
    Reflect.deleteProperty(socket, 'destroySoon');
    if (socket.writableEnded) socket.destroySoon();
  });
  request.unpipe();
  request.resume();
}

/** Closes a connection after reading for too long or too much, until the returned function is called. */
function boundReading(socket: Socket, { ms, bytes }: Lingering): () => void {
  const { bytesRead } = socket;
  const startedMs = performance.now();
  const looking = setInterval(() => {
    if (socket.bytesRead - bytesRead > bytes || performance.now() - startedMs > ms) socket.destroy();
  }, LOOK_EVERY_MS).unref();
  const stop = (): void => clearInterval(looking);
  socket.once('close', stop);
  return stop;
}
