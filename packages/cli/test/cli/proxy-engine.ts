import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Engine } from '../../src/model/engine.ts';

/** What is said in the engine's place: an answer, or nothing at all for as long as the promise is open. */
export type Instead = (call: {
  readonly method: string;
  /** Without the API's version and the query. */
  readonly path: string;
  readonly body: string;
}) => { status: number; message: string } | Promise<never> | undefined;

/** A unix socket that passes everything on to the real engine but what `instead` has an answer for. */
export async function proxyEngine(engine: Engine, socketPath: string, instead: Instead): Promise<AsyncDisposable> {
  const upstream = decodeURI(new URL(engine.endpoint.url).pathname);
  const sockets = new Set<Socket>();
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const answer = await instead({ ...callOf(incoming), body: body.toString() });
    if (answer !== undefined) {
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: answer.message }));
      return;
    }
    const { method, url: path, headers } = incoming;
    const passed = request({ socketPath: upstream, method, path, headers: withLength(headers, body) }, (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      response.flushHeaders();
      answered.pipe(response);
    });
    response.on('close', () => passed.destroy());
    passed.on('error', () => response.destroy());
    passed.end(body);
  });
  // Attachments and execs become raw streams: the request is repeated to the engine as it came, then bytes go both ways.
  server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const raw = connect({ path: upstream, allowHalfOpen: true });
    sockets.add(client).add(raw);
    client.on('error', () => raw.destroy());
    raw.on('error', () => client.destroy());
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let index = 0; index < incoming.rawHeaders.length; index += 2)
      lines.push(`${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}`);
    raw.write(`${lines.join('\r\n')}\r\n\r\n`);
    raw.write(head);
    client.pipe(raw).pipe(client);
    client.on('close', () => raw.destroy());
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const callOf = ({ method = '', url = '' }: IncomingMessage) => ({
  method,
  path: url.replace(/^\/v[\d.]+/, '').replace(/\?.*$/, ''),
});

/** The body has been read whole: it goes on with its length. */
const withLength = (headers: IncomingMessage['headers'], body: Buffer) => {
  const { 'transfer-encoding': _, ...kept } = headers;
  return { ...kept, 'content-length': String(body.length) };
};
