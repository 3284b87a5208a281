import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { isOlder } from '../../src/engine/api-version.ts';

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

/** Answers `/_ping` and `/version` as an engine of that API does, and everything else with `otherwise`. */
export const versionOf =
  (apiVersion: string, otherwise: RequestListener): RequestListener =>
  (request, response) => {
    const [, asked, path] = /^(?:\/v([\d.]+))?\/(_ping|version)$/.exec(request.url ?? '') ?? [];
    if (path === undefined) return otherwise(request, response);
    response.setHeader('api-version', apiVersion);
    response.setHeader('ostype', 'linux');
    response.setHeader('content-type', 'application/json');
    if (asked !== undefined && isOlder(apiVersion, asked)) {
      const message = `client version ${asked} is too new. Maximum supported API version is ${apiVersion}`;
      return response.writeHead(400).end(JSON.stringify({ message }));
    }
    if (path === '_ping') return response.setHeader('content-type', 'text/plain; charset=utf-8').end('OK');
    response.end(JSON.stringify({ Version: '19.03.15', ApiVersion: apiVersion, Os: 'linux', Arch: 'amd64' }));
  };
