import type { IncomingMessage } from 'node:http';
import type Dockerode from 'dockerode';
import type { Clock } from '../model/clock.ts';
import type { EngineEndpoint } from '../model/engine.ts';
import type { ApiVersions } from './api-version.ts';
import { RefusedAnswer } from './engine-answer.ts';
import { engineError } from './engine-error.ts';
import type { OpenDocker } from './open-docker.ts';

/** One engine, its dockerode, and the errors that people can read. */
export interface Connection {
  readonly endpoint: EngineEndpoint;
  readonly clock: Clock;
  readonly api: ApiVersions;
  /** Speaks `api.spoken`. */
  readonly docker: Dockerode;
  /** For a request that needs a newer version of the API. */
  dockerAt(apiVersion: string): Dockerode;
  /**
   * Waits for an answer. A failure becomes a LobbieError. The caller says what the answer is: the types of dockerode
   * promise fields that engines leave out or say null for.
   *
   * @param doing follows "could not", such as `start container "web-1"`
   * @param signal that the request was given as `abortSignal`
   */
  ask<T>(doing: string, answer: Promise<unknown>, signal?: AbortSignal): Promise<T>;
  /** As `ask`, but undefined where the engine knows no such thing (404). */
  find<T>(doing: string, answer: Promise<unknown>, signal?: AbortSignal): Promise<T | undefined>;
  /** As `ask`, for an answer whose body is read as it comes. Destroying it ends the request. */
  stream(doing: string, answer: Promise<NodeJS.ReadableStream>, signal?: AbortSignal): Promise<IncomingMessage>;
}

/** Puts a connection together. Sends nothing. */
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
