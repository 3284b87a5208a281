import type { FastifyInstance, preParsingHookHandler, preValidationHookHandler } from 'fastify';
import { ServiceError } from './service-error.ts';

/**
 * Accepts only JSON bodies unless a service adds a parser. Refuses invalid UTF-8. An absent body is none, whatever the
 * content type says. A route with a body schema refuses requests without a JSON body with 415.
 */
export function parseBodies(service: FastifyInstance): void {
  const parseJson = service.getDefaultJsonParser('error', 'error');
  service.removeAllContentTypeParsers();
  service.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    let text: string;
    try {
      text = decoder.decode(body);
    } catch {
      done(new ServiceError(400, 'The body is not valid UTF-8.'));
      return;
    }
    parseJson(request, text, done);
  });

  // Per route, because a hook of the whole service would also run for every GET.
  service.addHook('onRoute', (route) => {
    if (![route.method].flat().some((method) => WITH_BODY.has(method))) return;
    const first = route.method === 'DELETE' ? ignoreTypeOfNone : refuseWithoutBoundary;
    route.preParsing = [first, ...[route.preParsing ?? []].flat()];
    if (route.schema?.body !== undefined)
      route.preValidation = [refuseWithoutBody, ...[route.preValidation ?? []].flat()];
  });
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const refuseWithoutBoundary: preParsingHookHandler = (request, _reply, payload, done) => {
  const type = request.headers['content-type'] ?? '';
  const lacksBoundary = /^multipart\//i.test(type) && !/;\s*boundary=(?:"[^"]+"|[^\s;"]+)/i.test(type);
  done(lacksBoundary ? new ServiceError(400, 'The content type has no boundary.') : null, payload);
};

/** Many clients send a content type with every request, even a DELETE, which rarely has a body. */
const ignoreTypeOfNone: preParsingHookHandler = ({ headers }, _reply, payload, done) => {
  const isNone = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (isNone) delete headers['content-type'];
  done(null, payload);
};

const refuseWithoutBody: preValidationHookHandler = (request, _reply, done) => {
  done(request.body === undefined ? new ServiceError(415, 'A JSON body is expected.') : undefined);
};

const decoder = new TextDecoder('utf-8', { fatal: true });
