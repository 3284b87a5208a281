import type { IncomingMessage } from 'node:http';
import type Dockerode from 'dockerode';
import type { Clock } from '../model/clock.ts';
import type { EngineEndpoint } from '../model/engine.ts';
import type { ApiVersions } from './api-version.ts';
import { RefusedAnswer } from './engine-answer.ts';
import { engineError } from './engine-error.ts';
import type { OpenDocker } from './open-docker.ts';

/** One engine through dockerode, with readable errors. */
export interface Connection {
  readonly endpoint: EngineEndpoint;
  readonly clock: Clock;
  readonly api: ApiVersions;
  /** Speaks `api.spoken`. */
  readonly docker: Dockerode;
  /** For a request that needs a newer version of the API. */
  dockerAt(apiVersion: string): Dockerode;
  /**
   * Waits for an answer. A failure becomes a LobbieError. The caller sets the type of the answer, because the types of
   * dockerode promise fields that engines leave out or set to null.
   *
   * @param doing follows "could not", such as `start container "web-1"`
   * @param signal the `abortSignal` of the request
   */
  ask<T>(doing: string, answer: Promise<unknown>, signal?: AbortSignal): Promise<T>;
  /** Like `ask`, but undefined if the engine answers 404. */
  find<T>(doing: string, answer: Promise<unknown>, signal?: AbortSignal): Promise<T | undefined>;
  /** Like `ask`, for an answer that is read as a stream. Destroying the stream ends the request. */
  stream(doing: string, answer: Promise<NodeJS.ReadableStream>, signal?: AbortSignal): Promise<IncomingMessage>;
}

/** Creates a connection. Sends nothing yet. */
export function createConnection(
  { docker }: OpenDocker,
  endpoint: EngineEndpoint,
  clock: Clock,
  api: ApiVersions,
): Connection {
  const spoken = docker(api.spoken);
  const ask = <T>(doing: string, answer: Promise<unknown>, signal?: AbortSignal): Promise<T> =>
    (answer as Promise<T>).catch((error) => {
      throw engineError(error, doing, endpoint, signal);
    });
  return {
    endpoint,
    clock,
    api,
    docker: spoken,
    dockerAt: (apiVersion) => (apiVersion === api.spoken ? spoken : docker(apiVersion)),
    ask,
    stream: ask<IncomingMessage>,
    find: <T>(doing: string, answer: Promise<unknown>, signal?: AbortSignal) =>
      ask<T>(doing, answer, signal).catch(undefinedIfMissing),
  };
}

/** For `catch`: turns the engine's 404 into undefined and rethrows everything else. */
export function undefinedIfMissing(error: unknown): undefined {
  if (statusOf(error) === 404) return undefined;
  throw error;
}

/** The HTTP status of a refusal, from a LobbieError of this connection. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof RefusedAnswer ? cause.statusCode : undefined;
}
