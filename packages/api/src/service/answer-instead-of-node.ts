import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { answerByHand } from './answer-broken-connection.ts';
import { sentenceOf } from './answer-error.ts';
import { continueLate } from './continue-late.ts';
import { ServiceError } from './service-error.ts';

/**
 * Answers in the usual error form where Node itself would answer without a body or not at all: a request without a Host
 * or with several (the server's `requireHostHeader` must be off), an Expect other than 100-continue, and CONNECT.
 */
export function answerInsteadOfNode(service: FastifyInstance): void {
  service.addHook('onRequest', ({ raw: { headers, rawHeaders, httpVersion } }, _reply, done) => {
    if (headers.host === undefined) {
      done(httpVersion === '1.1' ? new ServiceError(400, 'The request has no Host header.') : undefined);
    } else
      done(countHosts(rawHeaders) > 1 ? new ServiceError(400, 'The request has several Host headers.') : undefined);
  });
  continueLate(service.server);
  service.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ error: sentenceOf(417) }));
  });
  service.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    answerByHand(socket, 501);
    // Node no longer handles this connection, and nobody reads what may follow.
    socket.resume();
  });
}

/** Node keeps the first Host and drops the others. Only the raw list of headers has them all. */
function countHosts(names: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < names.length; index += 2) {
    const name = names[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
