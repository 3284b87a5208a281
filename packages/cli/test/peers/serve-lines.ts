import { createServer, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { PSK, PSK_KEY } from './psk.ts';

/** Answers each line: `PING` as Redis does, others with the version and the line; `QUIT` ends the connection. */
const onLines = (socket: Socket, version: string): void => {
  let rest = '';
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'QUIT') socket.end('+OK\r\n');
      else socket.write(line === 'PING' ? '+PONG\r\n' : `+${version} ${line}\r\n`);
    }
  });
};

/** The client speaks first, in lines. */
export const serveLines = (port: number, version: string): void => {
  createServer((socket) => onLines(socket, version)).listen(port, '0.0.0.0');
};

/** The server speaks first, with a banner; then it goes on in lines. */
export const serveGreeting =
  (banner: string | Buffer) =>
  (port: number, version: string): void => {
    createServer((socket) => {
      socket.write(banner);
      onLines(socket, version);
    }).listen(port, '0.0.0.0');
  };

/** Lines inside TLS. */
export const serveTls = (port: number, version: string): void => {
  createTls({ ...PSK, pskCallback: () => PSK_KEY }, (socket) => onLines(socket, version))
    .on('tlsClientError', () => {})
    .listen(port, '0.0.0.0');
};

/** How a connection to PostgreSQL begins: 8 bytes that ask for TLS, and one that refuses it. Then lines. */
export const servePostgres = (port: number, version: string): void => {
  createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (asked) => {
      const isRequest = asked.length === 8 && asked.readInt32BE(4) === 80_877_103;
      socket.write(isRequest ? 'N' : 'E');
      onLines(socket, version);
    });
  }).listen(port, '0.0.0.0');
};
