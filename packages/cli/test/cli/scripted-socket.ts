import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** An HTTP server on a unix socket, in an engine's place; closed when it is disposed of. */
export async function scriptedSocket(path: string, answer: RequestListener): Promise<AsyncDisposable> {
  const server = createServer(answer).listen(path);
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers `GET /version` as an engine of that API does, and all else as told. */
export const versionOf =
  (apiVersion: string, otherwise: RequestListener): RequestListener =>
  (request, response) => {
    if (!request.url?.endsWith('/version')) return otherwise(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ Version: '19.03.15', ApiVersion: apiVersion, Os: 'linux', Arch: 'amd64' }));
  };
