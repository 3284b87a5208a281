import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Lets a client that waits to send its body (`Expect: 100-continue`) continue only once the body is read. A request
 * that is refused because of its header then transfers nothing. After such a refusal it is unknown whether the body
 * follows, so the connection is closed.
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
