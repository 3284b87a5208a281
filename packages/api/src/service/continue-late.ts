import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Tells a client that waits to send its body (`Expect: 100-continue`) to go on once the body is read, and not before: a
 * request that is refused by its header costs no transfer. After such a refusal nobody can know whether the body follows,
 * so that the connection ends with it.
 */
export function continueLate(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const { shouldKeepAlive } = response;
    response.shouldKeepAlive = false;
    const read = request._read;
    request._read = (size) => {
      request._read = read;
      if (!response.headersSent) {
        response.shouldKeepAlive = shouldKeepAlive;
        response.writeContinue();
      }
      read.call(request, size);
    };
    server.emit('request', request, response);
  });
}
