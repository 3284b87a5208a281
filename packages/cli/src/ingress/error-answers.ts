/**
 * The answers that HAProxy itself gives, by status: every status that it knows. Services of `packages/api` use the same
 * texts.
 */
const SENTENCES = {
  400: 'The request is not valid HTTP, too large, or not complete.',
  401: 'The request has no valid credentials.',
  403: 'The request is not allowed.',
  404: 'There is nothing here.',
  405: 'The method is not allowed here.',
  407: 'The proxy requires credentials.',
  408: 'The request took too long to arrive.',
  410: 'This no longer exists.',
  413: 'The body is too large.',
  421: 'The request reached the wrong server.',
  422: 'The request cannot be processed.',
  425: 'The request came too early.',
  429: 'There are too many requests.',
  500: 'Something went wrong on the way.',
  501: 'This is not supported.',
  502: 'The service closed the connection without a valid answer.',
  503: 'The service is not available now.',
  504: 'The service took too long to answer.',
} as const;

const answer = (error: string): string =>
  `content-type application/json string '${JSON.stringify({ error })}' hdr Cache-Control no-store`;

/** Lines for a `defaults` section in HTTP mode. `retrySeconds` is when a client may ask an absent service again. */
export const errorAnswers = (retrySeconds: number): readonly string[] =>
  Object.entries(SENTENCES).map(([status, error]) => {
    const retry = status === '503' ? ` hdr Retry-After ${retrySeconds}` : '';
    return `  http-error status ${status} ${answer(error)}${retry}`;
  });

/**
 * Lines for a `defaults` section of proxies that read HTTP. If HAProxy cannot parse a request, it answers with a
 * constant of its program. That constant is JSON in images of this version. In other images it is HTML, so they only
 * close the connection.
 */
export const refusals: readonly string[] = [
  '.if !defined(LOBBIE_REFUSALS)',
  ...[400, 408, 413, 422, 500, 501].map((status) => `  errorfile ${status} /dev/null`),
  '.endif',
];

/** A little more than common servers accept, because they count in different ways. */
const HEADER_BYTES = 33 * 1024;
const HEADERS = 300;

/** Rules that refuse paths and headers which HAProxy can read but which are larger than {@link HEADER_BYTES}. */
export const tooLarge: readonly string[] = [
  `  http-request return status 414 ${answer('The path is too long.')} if { url,length gt ${HEADER_BYTES} }`,
  `  http-request return status 431 ${answer('The header is too large.')} if { req.hdrs,length gt ${HEADER_BYTES} } || { req.fhdr_cnt gt ${HEADERS} }`,
];
