/** What HAProxy answers by itself, by status: every one that it knows. Services of `packages/api` use the same words. */
const SENTENCES = {
  400: 'The request is not valid HTTP, too large, or not complete.',
  401: 'The request carries no valid credentials.',
  403: 'The request is not allowed.',
  404: 'There is nothing here.',
  405: 'The method is not allowed here.',
  407: 'The proxy asks for credentials.',
  408: 'The request took too long to arrive.',
  410: 'This is gone.',
  413: 'The body is too large.',
  421: 'The request came to the wrong server.',
  422: 'The request cannot be carried out.',
  425: 'The request came too early.',
  429: 'There are too many requests.',
  500: 'Something went wrong on the way.',
  501: 'This is not supported.',
  502: 'The service broke off without a valid answer.',
  503: 'The service is not there now.',
  504: 'The service took too long to answer.',
} as const;

const answer = (error: string): string =>
  `content-type application/json string '${JSON.stringify({ error })}' hdr Cache-Control no-store`;

/** Lines for a `defaults` section in HTTP mode. After `retrySeconds` it is worth to ask an absent service again. */
export const errorAnswers = (retrySeconds: number): readonly string[] =>
  Object.entries(SENTENCES).map(([status, error]) => {
    const retry = status === '503' ? ` hdr Retry-After ${retrySeconds}` : '';
    return `  http-error status ${status} ${answer(error)}${retry}`;
  });

/**
 * Lines for a `defaults` section of proxies that read HTTP. What HAProxy cannot parse it answers with a constant of its
 * program, in JSON in images of this version. Others have HTML there, and may only close the connection.
 */
export const refusals: readonly string[] = [
  '.if !defined(LOBBIE_REFUSALS)',
  ...[400, 408, 413, 422, 500, 501].map((status) => `  errorfile ${status} /dev/null`),
  '.endif',
];

/** As much as common servers take, and a little more: they count in different ways. */
const HEADER_BYTES = 33 * 1024;
const HEADERS = 300;

/** Rules that refuse paths and headers which HAProxy can still read, and which are larger than {@link HEADER_BYTES}. */
export const tooLarge: readonly string[] = [
  `  http-request return status 414 ${answer('The path is too long.')} if { url,length gt ${HEADER_BYTES} }`,
  `  http-request return status 431 ${answer('The header is too large.')} if { req.hdrs,length gt ${HEADER_BYTES} } || { req.fhdr_cnt gt ${HEADERS} }`,
];
