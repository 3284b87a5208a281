import type { IncomingMessage } from 'node:http';
import { addAbortSignal, type Duplex, type Readable } from 'node:stream';
import type Modem from 'docker-modem';
import type { EngineEndpoint } from '../model/engine.ts';
import type { ApiVersions } from './api-version.ts';
import { engineError } from './engine-error.ts';
import { foreignAnswer } from './foreign-answer.ts';

/** One request of the Engine API. */
export interface EngineRequest {
  /** What is being done, to follow "could not", such as `start container "web-1"`. */
  readonly doing: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Without version and query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
  /** A tar archive as body. */
  readonly tar?: Buffer | Readable;
  /** Credentials of a registry, as the header X-Registry-Auth carries them. */
  readonly registryAuth?: object;
  /** Another version of the API than the one spoken. */
  readonly apiVersion?: string;
  readonly signal?: AbortSignal;
}

/**
 * Requests to one engine, over docker-modem, dockerode's transport. Only the transport: dockerode's own index loads
 * gRPC for sessions, which costs every command 45 ms and of which nothing is used. Rejections are LobbieErrors.
 */
export interface Connection {
  readonly endpoint: EngineEndpoint;
  readonly api: ApiVersions;
  /** Gives the parsed JSON of the answer. */
  json<T>(request: EngineRequest): Promise<T>;
  /** As `json`, but undefined where the engine knows no such thing (404). */
  find<T>(request: EngineRequest): Promise<T | undefined>;
  /** Gives the body as it comes; destroying it ends the request. */
  stream(request: EngineRequest): Promise<IncomingMessage>;
  /** Takes the connection over after the answer: a raw stream in both directions. */
  hijack(request: EngineRequest): Promise<Duplex>;
}

const OK: Readonly<Record<number, true>> = { 200: true, 201: true, 202: true, 204: true, 304: true };

/** For streams: docker-modem forgets what a refusal was, and hands over any answer with this. */
const ANY = new Proxy(OK, { get: () => true });

/** The most that is read of an answer that says why a stream is refused. */
const REFUSAL_BYTES = 65_536;

/** Before the versions are known; only `/version` is good to ask then. */
const UNKNOWN: ApiVersions = { spoken: '', newest: '' };

/** Requests through a modem. */
export function createConnection(modem: Modem, endpoint: EngineEndpoint, api: ApiVersions = UNKNOWN): Connection {
  const dial = (request: EngineRequest, how: { isStream?: boolean; hijack?: boolean }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (request.signal?.aborted) {
        reject(engineError(request.signal.reason, request.doing, endpoint, request.signal));
        return;
      }
      const query = defined(request.query);
      const apiVersion = request.apiVersion ?? api.spoken;
      const prefix = apiVersion === '' ? '' : `/v${apiVersion}`;
      modem.dial(
        {
          // docker-modem appends the query where a question mark says so.
          path: `${prefix}${request.path}${Object.keys(query).length > 0 ? '?' : ''}`,
          method: request.method ?? 'GET',
          options: { _query: query, _body: request.body ?? {} },
          file: request.tar,
          ...(request.registryAuth && { authconfig: { base64: base64Url(request.registryAuth) } }),
          ...(request.signal && { abortSignal: request.signal }),
          ...how,
          statusCodes: how.isStream ? ANY : OK,
        },
        (error, answer) => {
          if (error) reject(engineError(error, request.doing, endpoint, request.signal));
          else resolve(answer);
        },
      );
    });

  // The casts say what docker-modem answers to each way of dialling; its own types leave that open.
  const json = async <T>(request: EngineRequest): Promise<T> => {
    const answer = await dial(request, {});
    // docker-modem gives the bytes where they are no JSON; of an engine there are none then.
    if (Buffer.isBuffer(answer) && answer.toString().trim() !== '')
      throw foreignAnswer({ status: 200, body: answer.toString() }, request.doing, endpoint);
    return answer as T;
  };
  const begin = async (request: EngineRequest, how: { hijack?: boolean }): Promise<unknown> => {
    const answer = await dial(request, { isStream: true, ...how });
    // A connection that is taken over has no status.
    if (!isMessage(answer)) return answer;
    const { statusCode = 0 } = answer;
    if (OK[statusCode] && !how.hijack && !isForeign(answer)) return answer;
    const body = await beginningOf(answer);
    if (OK[statusCode]) throw foreignAnswer({ status: statusCode, body }, request.doing, endpoint);
    const refused = Object.assign(new Error(body), { statusCode, json: parsed(body) });
    throw engineError(refused, request.doing, endpoint, request.signal);
  };
  return {
    endpoint,
    api,
    json,
    find: <T>(request: EngineRequest) => json<T>(request).catch(undefinedIfMissing),
    stream: async (request) => {
      const answer = (await begin(request, {})) as IncomingMessage;
      // Node and docker-modem heed the signal only until the request is sent.
      return request.signal ? addAbortSignal(request.signal, answer) : answer;
    },
    hijack: (request) => begin(request, { hijack: true }) as Promise<Duplex>,
  };
}

const isMessage = (answer: unknown): answer is IncomingMessage =>
  typeof answer === 'object' && answer !== null && 'statusCode' in answer;

/** An engine names its API with every answer. What it does not say the type of, Go guesses: it can be any text. */
const isForeign = ({ headers }: IncomingMessage): boolean =>
  headers['api-version'] === undefined && /^text\/(?:html|plain|xml)/i.test(headers['content-type'] ?? '');

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= REFUSAL_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, REFUSAL_BYTES).toString();
}

/** The value of a body in JSON, or its text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** For `catch`: turns the engine's 404 into undefined and passes all else on. */
export function undefinedIfMissing(error: unknown): undefined {
  if (statusOf(error) === 404) return undefined;
  throw error;
}

/** HTTP status that the engine answered, read from a LobbieError of this connection. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
}

const defined = (query: EngineRequest['query']): object =>
  Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== undefined));

const base64Url = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
