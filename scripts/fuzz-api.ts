import { fc } from './seeded-fast-check.ts';

/** Statuses that a service may answer even though the client did nothing wrong. */
const ALLOWED = new Set([501, 503, 507]);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const AT_ONCE = 8;
const TIMEOUT_MS = 15_000;

export interface FuzzOptions {
  readonly requests: number;
  /** Sent with most requests, such as a key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly seed: number;
}

/** The part of an OpenAPI document that is used here. */
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Sends hostile requests made from the service's own OpenAPI document, and returns the wrong answers: a status of 500
 * and above (except 501, 503, 507), an error that is not `{"error": …}`, or no answer in time.
 *
 * @param base URL of the service
 */
export async function fuzzApi(base: string, { requests, headers, seed }: FuzzOptions): Promise<string[]> {
  // The cast: the document comes from the service, and every example's test checks it.
  const document = (await (await fetch(`${base}/openapi.json`, { headers })).json()) as OpenApi;
  const waiting = fc.sample(requestsOf(document, headers), { numRuns: requests, seed });
  const wrong: string[] = [];
  const client = async (): Promise<void> => {
    for (let request = waiting.pop(); request !== undefined; request = waiting.pop()) {
      const complaint = await complaintOf(base, request);
      if (complaint !== undefined) wrong.push(`${request.method} ${request.path.slice(0, 120)}: ${complaint}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return wrong;
}

async function complaintOf(base: string, { method, path, headers, body }: FuzzRequest): Promise<string | undefined> {
  try {
    const init = { method, headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
    const answer = await fetch(base + path, { ...init, ...(body !== undefined && { body }) });
    const text = await answer.text();
    if (answer.status >= 500 && !ALLOWED.has(answer.status)) return `status ${answer.status}: ${text.slice(0, 200)}`;
    if (answer.status < 400 || method === 'HEAD') return undefined;
    const type = answer.headers.get('content-type') ?? 'none';
    if (!type.startsWith('application/json')) return `status ${answer.status} as ${type}: ${text.slice(0, 200)}`;
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? undefined : `status ${answer.status} without an error: ${text.slice(0, 200)}`;
  } catch (error) {
    return error instanceof Error ? `${error.message} ${error.cause ?? ''}` : String(error);
  }
}

function requestsOf({ paths }: OpenApi, headers: Readonly<Record<string, string>>): fc.Arbitrary<FuzzRequest> {
  const templates = Object.keys(paths);
  return fc
    .record({
      template: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...templates) }, fc.constant('/{any}')),
      words: fc.array(word, { minLength: 3, maxLength: 3 }),
      // Usually the method from the document.
      method: fc.oneof(fc.constantFrom(...METHODS), fc.constant(undefined)),
      query: fc.option(fc.tuple(word, word), { nil: undefined }),
      type: fc.constantFrom(
        undefined,
        'application/json',
        'application/json',
        'text/plain',
        'multipart/form-data',
        'x/y',
        '',
      ),
      body: fc.oneof(fc.constant(undefined), anyJson, anyJson, word, fc.uint8Array({ maxLength: 400 })),
      own: fc.boolean(),
    })
    .map(({ template, words, method, query, type, body, own }): FuzzRequest => {
      const rest = [...words];
      const path = template.replace(/\{[^{}]+\}/g, () => rest.pop() ?? 'x');
      const known = Object.keys(paths[template] ?? {}).map((name) => name.toUpperCase());
      const chosen = method ?? known[words.join('').length % Math.max(1, known.length)] ?? 'GET';
      const sendsBody = body !== undefined && chosen !== 'GET' && chosen !== 'HEAD';
      return {
        method: chosen,
        path: path + (query === undefined ? '' : `?${query.join('=')}`),
        headers: {
          accept: 'application/json',
          ...(own ? {} : headers),
          ...(type !== undefined && { 'content-type': type }),
        },
        body: !sendsBody ? undefined : body instanceof Uint8Array ? new Uint8Array(body) : body,
      };
    });
}

/** A part of a path or a query, encoded correctly or deliberately not. */
const word = fc.oneof(
  fc.constantFrom(
    '1',
    '0',
    '-1',
    '01',
    '2147483648',
    '__proto__',
    'constructor',
    '..',
    '%2e%2e',
    '%2f',
    '%00',
    '%zz',
    '%ff',
    'a.txt',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.integer().map(String),
  fc.constant('x'.repeat(300)),
);

const anyJson = fc.oneof(
  fc.json(),
  fc
    .record(
      { text: fc.oneof(fc.string(), fc.jsonValue()), status: fc.jsonValue(), id: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);
