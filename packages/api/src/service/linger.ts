import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** For how long, and how many bytes, the rest of a request is still read and thrown away once it is answered. */
export interface Lingering {
  readonly ms: number;
  readonly bytes: number;
}

const LINGERING: Lingering = { ms: 30_000, bytes: 67_108_864 };

/** How often both are looked at. */
const LOOK_EVERY_MS = 100;

/**
 * Lets a server answer while a body still arrives: the rest is read and thrown away, 64 MiB of it at most and for 30 s. A
 * connection that is closed with unread bytes is reset, and the client loses the answer with it.
 */
export function lingerAfterAnswers(server: Server, lingering = LINGERING): void {
  const watch = (request: IncomingMessage, response: ServerResponse): void => {
    if (!hasBody(request)) return;
    // Before Node's own listener, which closes the connection where the answer says so.
    response.prependOnceListener('finish', () => {
      if (!request.complete && !request.destroyed) readOn(request, lingering);
    });
  };
  for (const event of ['request', 'checkExpectation']) server.prependListener(event, watch);
}

/** Whether too much of a body is left for the connection to be kept. */
export const isTooMuchLeft = (request: IncomingMessage): boolean =>
  !request.complete && Number(request.headers['content-length']) > LINGERING.bytes;

/** Ends a connection to which the last answer is written: what the client still sends is read for a while. */
export function closeLingering(socket: Socket): void {
  boundReading(socket, LINGERING);
  socket.end();
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function readOn(request: IncomingMessage, lingering: Lingering): void {
  const { socket } = request;
  const stopLooking = boundReading(socket, lingering);
  // Node calls this to close a connection after its last answer. The client sees the end, and the server reads on until the client ends too.
  socket.destroySoon = () => void socket.end();
  request.once('end', () => {
    stopLooking();
    // The method of the class again.
    Reflect.deleteProperty(socket, 'destroySoon');
    if (socket.writableEnded) socket.destroySoon();
  });
  request.unpipe();
  request.resume();
}

/** Cuts a connection once it has been read for too long, or too much of it; until the function that it gives is called. */
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
