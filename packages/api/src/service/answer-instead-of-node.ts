import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { answerByHand } from './answer-broken-connection.ts';
import { sentenceOf } from './answer-error.ts';
import { ServiceError } from './service-error.ts';

/**
 * Gives in the one error shape what Node answers without a body, or not at all: a request without a Host, for which the
 * server's `requireHostHeader` has to be off, an Expect other than 100-continue, and CONNECT.
 */
export function answerInsteadOfNode(service: FastifyInstance): void {
  service.addHook('onRequest', ({ raw: { headers, httpVersion } }, _reply, done) => {
    const lacksHost = headers.host === undefined && httpVersion === '1.1';
    done(lacksHost ? new ServiceError(400, 'The request lacks its Host header.') : undefined);
  });
  service.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ error: sentenceOf(417) }));
  });
  service.server.on('connect', (_request: IncomingMessage, socket: Duplex) => answerByHand(socket, 501));
}
