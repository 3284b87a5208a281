/** What HAProxy answers by itself, by status: in words, and in a form that programs read too. */
const SENTENCES = {
  400: 'The request is not valid HTTP, or its header is too large.',
  403: 'The request is not allowed.',
  408: 'The request took too long to arrive.',
  413: 'The body is too large.',
  500: 'Something went wrong on the way.',
  502: 'The service broke off without a valid answer.',
  503: 'The service is not there now.',
  504: 'The service took too long to answer.',
} as const;

/** Lines for a `defaults` section in HTTP mode. */
export const errorAnswers: readonly string[] = Object.entries(SENTENCES).map(
  ([status, error]) =>
    `  http-error status ${status} content-type application/json string '${JSON.stringify({ error })}' hdr Cache-Control no-store`,
);
