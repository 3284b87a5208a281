import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { sentenceOf } from './answer-error.ts';
import { closeLingering } from './linger.ts';

// Not from node:http, because importing it as an ES module evaluates all its exports, including fetch, at every start.
const REASONS = new Map([
  [400, 'Bad Request'],
  [408, 'Request Timeout'],
  [413, 'Payload Too Large'],
  [431, 'Request Header Fields Too Large'],
  [501, 'Not Implemented'],
]);

const STATUS_OF_CODE = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
]);

/** Answers bytes that are not an HTTP request. There is no request object, so the answer is written by hand. */
export function answerBrokenConnection(error: Error & { code?: string }, socket: Duplex): void {
  // After the answer, Node reports every further piece of the same request.
  if (error.code === 'ECONNRESET' || socket.destroyed || socket.writableEnded) return;
  // If part of another answer is already sent, a second one would be read as its body. Node checks this field of its
  // own for the same reason.
  const { _httpMessage: going } = socket as { _httpMessage?: ServerResponse | null };
  if (going?.headersSent) socket.destroy();
  else answerByHand(socket, STATUS_OF_CODE.get(error.code ?? '') ?? 400);
}

/** Writes an error in the usual form to a connection without a response, and closes it. */
export function answerByHand(socket: Duplex, status: number): void {
  const body = JSON.stringify({ error: sentenceOf(status) });
  // The client may be gone already, which causes an error on the socket.
  socket.on('error', () => {});
  socket.write(
    `HTTP/1.1 ${status} ${REASONS.get(status)}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // The cast: an HTTP server's connections are sockets. Node's type allows others.
  closeLingering(socket as Socket);
}
