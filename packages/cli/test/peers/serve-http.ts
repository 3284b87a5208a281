import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { PSK, PSK_KEY } from './psk.ts';

/**
 * HTTP/1, WebSockets included. `/` answers with the version, the hash of the body and the trailers that came with it,
 * in chunks and with a trailer of its own to those who take one; `?after=` ms later. `/events` sends an event at once and another after
 * `?silent=` ms.
 */
export const serveHttp = (port: number, version: string): void => {
  const server = createServer(listener(version));
  // Longer than any test waits: the ingress decides when a connection ends.
  server.keepAliveTimeout = 600_000;
  addWebSockets(server, version);
  server.listen(port, '0.0.0.0');
};

export const serveHttps = (port: number, version: string): void => {
  createHttps({ ...PSK, pskCallback: () => PSK_KEY }, listener(version))
    .on('tlsClientError', () => {})
    .listen(port, '0.0.0.0');
};

export const serveHttp2 = (port: number, version: string): void => {
  createHttp2()
    .on('stream', (stream) => {
      let body = 0;
      stream.on('data', (chunk: Buffer) => {
        body += chunk.length;
      });
      stream.on('error', () => {});
      stream.on('end', () => {
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': String(body) }));
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.end(version);
      });
      stream.resume();
    })
    .listen(port, '0.0.0.0');
};

const listener =
  (version: string): RequestListener =>
  (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://peer');
    if (pathname === '/events') return void events(response, version, Number(searchParams.get('silent')));
    void answer(request, response, version, Number(searchParams.get('after')));
  };

const answer = async (request: IncomingMessage, response: ServerResponse, version: string, afterMs: number) => {
  const hash = createHash('sha256');
  try {
    for await (const chunk of request) hash.update(chunk);
  } catch {
    // The client went away.
    return;
  }
  if (afterMs > 0) await sleep(afterMs);
  const body = JSON.stringify({ version, sum: hash.digest('hex'), trailers: request.trailers });
  if (request.headers.te !== 'trailers') {
    response.setHeader('content-length', body.length);
    response.end(body);
    return;
  }
  response.setHeader('trailer', 'x-sum');
  response.write(body.slice(0, 10));
  response.write(body.slice(10));
  response.addTrailers({ 'x-sum': createHash('sha256').update(body).digest('hex') });
  response.end();
};

const events = async (response: ServerResponse, version: string, silentMs: number): Promise<void> => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${version}\n\n`);
  await sleep(silentMs);
  response.end(`data: ${version} again\n\n`);
};

/** Says each message back, after the version. */
const addWebSockets = (server: Server, version: string): void => {
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (text) => socket.send(`${version} ${text}`));
  });
};
