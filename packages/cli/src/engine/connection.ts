import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type Modem from 'docker-modem';
import type { EngineEndpoint } from '../model/engine.ts';
import type { ApiVersions } from './api-version.ts';
import { RefusedAnswer } from './engine-answer.ts';
import { engineError } from './engine-error.ts';

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

/** Before the versions are known; only `/version` is good to ask then. */
const UNKNOWN: ApiVersions = { spoken: '', newest: '' };

/** Requests through a modem. */
export function createConnection(modem: Modem, endpoint: EngineEndpoint, api: ApiVersions = UNKNOWN): Connection {
  const dial = (request: EngineRequest, how: { isStream?: boolean; hijack?: boolean }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const query = request.query ?? {};
      const apiVersion = request.apiVersion ?? api.spoken;
      const prefix = apiVersion === '' ? '' : `/v${apiVersion}`;
      modem.dial(
        {
          // docker-modem appends the query where a question mark says so.
          path: `${prefix}${request.path}${Object.keys(query).length > 0 ? '?' : ''}`,
          method: request.method ?? 'GET',
          options: { _query: query, _body: request.body ?? {} },
          file: request.tar,
          ...(request.registryAuth && { authconfig: request.registryAuth }),
          ...(request.signal && { abortSignal: request.signal }),
          ...how,
        },
        (error, answer) => {
          if (error) reject(engineError(error, request.doing, endpoint, request.signal));
          else resolve(answer);
        },
      );
    });

  // The casts say what docker-modem answers to each way of dialling; its own types leave that open.
  const json = <T>(request: EngineRequest) => dial(request, {}) as Promise<T>;
  return {
    endpoint,
    api,
    json,
    find: <T>(request: EngineRequest) => json<T>(request).catch(undefinedIfMissing),
    stream: (request) => dial(request, { isStream: true }) as Promise<IncomingMessage>,
    hijack: (request) => dial(request, { isStream: true, hijack: true }) as Promise<Duplex>,
  };
}

/** For `catch`: turns the engine's 404 into undefined and passes all else on. */
export function undefinedIfMissing(error: unknown): undefined {
  if (statusOf(error) === 404) return undefined;
  throw error;
}

/** HTTP status with which the engine refused, read from a LobbieError of this connection. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof RefusedAnswer ? cause.statusCode : undefined;
}
