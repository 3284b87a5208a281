import type { Socket } from 'node:net';
import { sentenceOf } from './answer-error.ts';

// Not from node:http: an import of it as an ES module evaluates all it exports, its fetch included, at every start.
const REASONS = new Map([
  [400, 'Bad Request'],
  [408, 'Request Timeout'],
  [413, 'Payload Too Large'],
  [431, 'Request Header Fields Too Large'],
]);

const STATUS_OF_CODE = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
]);

/** Answers bytes that are no HTTP request: there is no request object yet, so that the answer is written by hand. */
export function answerBrokenConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUS_OF_CODE.get(error.code ?? '') ?? 400;
  const body = JSON.stringify({ error: sentenceOf(status) });
  // Once a part of another answer is out, a second one would be read as its body.
  if (socket.writable && socket.bytesWritten === 0) {
    socket.write(
      `HTTP/1.1 ${status} ${REASONS.get(status)}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
