import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from './service-error.ts';

/** The schema of every error answer, for OpenAPI. */
export const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string', description: 'What went wrong, a sentence.' } },
} as const;

/** The part of an error that a client sees. */
export interface ToldError {
  readonly status: number;
  readonly sentence: string;
}

/** Makes an HTML page for an error, or returns undefined if JSON is the better answer. */
export type ErrorPage = (request: FastifyRequest, error: ToldError) => string | undefined;

/**
 * Answers every error as `{"error": "<a sentence>"}`, or with a service's own page. Only messages of {@link
 * ServiceError} and of the validation reach the client, because any other could contain a path, a key or a connection
 * string.
 */
export const answerErrors = (page?: ErrorPage) => (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
  const { status, sentence } = toAnswer(error);
  if (status >= 500 && !(error instanceof ServiceError && error.cause === undefined)) {
    request.log.error({ err: error, req: request, status }, 'request failed');
  } else if (status >= 500) request.log.warn({ req: request, status, sentence }, 'request failed');
  else request.log.debug({ req: request, status, sentence }, 'request refused');
  const markup = page?.(request, { status, sentence });
  if (page !== undefined) reply.header('vary', 'accept');
  reply
    .code(status)
    .header('content-type', markup === undefined ? 'application/json' : 'text/html; charset=utf-8')
    .send(markup ?? JSON.stringify({ error: sentence }));
};

/** The status and the sentence of an error for the client. */
export function toAnswer(error: unknown): ToldError {
  if (error instanceof ServiceError) return { status: error.statusCode, sentence: error.message };
  if (!(error instanceof Error)) return { status: 500, sentence: sentenceOf(500) };
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>;
  const first = validation?.[0];
  if (first !== undefined) {
    const where = first.instancePath.slice(1).replaceAll('/', '.') || (validationContext ?? 'request');
    return { status: 400, sentence: `${where} ${first.message ?? 'is not valid'}.` };
  }
  // These plugins and parsers answer 406 or 500 to mistakes of the client.
  if (code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') return { status: 415, sentence: sentenceOf(415) };
  const status = statusCode !== undefined && statusCode >= 400 && statusCode <= 599 ? statusCode : 500;
  return { status, sentence: (code !== undefined && SENTENCE_OF_CODE.get(code)) || sentenceOf(status) };
}

const SENTENCE_OF_CODE = new Map([
  [
    'FST_ERR_BAD_URL',
    'The path is not valid: it contains a percent sign without two hexadecimal digits, or bytes that are not UTF-8.',
  ],
  ['FST_ERR_MAX_PARAM_LENGTH', 'A part of the path is too long.'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'The body is not as long as its Content-Length says.'],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'The body is not valid JSON.'],
]);

const SENTENCE_OF_STATUS = new Map([
  [400, 'The request is not valid.'],
  [401, 'The request has no valid credentials.'],
  [403, 'The request is not allowed.'],
  [404, 'There is nothing here.'],
  [405, 'The method is not allowed here.'],
  [406, 'The answer cannot be given in an accepted form.'],
  [408, 'The request took too long to arrive.'],
  [409, 'The request conflicts with the current state.'],
  [412, 'A condition of the request does not hold.'],
  [413, 'The body is too large.'],
  [414, 'The path is too long.'],
  [415, 'The content type is not supported here.'],
  [416, 'The range cannot be served.'],
  [417, 'The expectation cannot be met.'],
  [429, 'There were too many requests.'],
  [431, 'The header is too large.'],
  [500, 'Something went wrong on this side.'],
  [501, 'This is not implemented.'],
  [503, 'The service cannot answer now.'],
  [507, 'There is no room left.'],
]);

/** A general sentence for a status. */
export const sentenceOf = (status: number): string =>
  SENTENCE_OF_STATUS.get(status) ?? (status < 500 ? 'The request is not valid.' : 'Something went wrong on this side.');
