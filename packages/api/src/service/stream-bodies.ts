import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceError } from './service-error.ts';

/** A route's body in the OpenAPI document, if no schema validates it. */
export interface DescribedBody {
  readonly consumes: readonly string[];
  readonly schema: object;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    describedBody?: DescribedBody;
  }
}

/**
 * In this scope (`app.register`), a body is a stream of bytes, whatever the content type says, or none: see {@link
 * bodyOf}.
 */
export function streamBodies(scope: FastifyInstance): void {
  // The bytes are used as they are. The content type must not select a parser or cause a refusal.
  scope.addHook('onRequest', (request, _reply, done) => {
    delete request.raw.headers['content-type'];
    done();
  });
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** The body of a request in a scope of {@link streamBodies}; if it has none, a stream that has ended. */
export const bodyOf = (request: FastifyRequest): Readable => (request.body as Readable | undefined) ?? request.raw;

/**
 * The pieces of a stream, up to a number of bytes. More is a ServiceError of status 413; a client that goes away is one
 * of
 * 400. The stream always stays open, because a destroyed request could not be answered.
 */
export async function* readUpTo(source: Readable, maxBytes: number, tooLarge: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const piece of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new ServiceError(413, tooLarge);
      yield piece;
    }
  } catch (error) {
    // Errors of the consumer do not arrive here, so this is an error of the source.
    throw error instanceof ServiceError ? error : new ServiceError(400, 'The body ends before it is complete.');
  }
}
