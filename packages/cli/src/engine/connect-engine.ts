import { access, constants } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type Dockerode from 'dockerode';
import type { Clock } from '../model/clock.ts';
import type { Engine } from '../model/engine.ts';
import type { HearCall } from '../model/engine-call.ts';
import { type ErrorCode, LobbieError } from '../model/errors.ts';
import { type ApiVersions, isOlder, type Version } from './api-version.ts';
import { type Candidate, chooseEndpoint, type EngineChoice } from './choose-endpoint.ts';
import { createConnection } from './connection.ts';
import type { HostEnvironment } from './docker-config.ts';
import { dockerEngine } from './docker-engine.ts';
import { RefusedAnswer, UnexpectedAnswer } from './engine-answer.ts';
import { codeOf, engineError } from './engine-error.ts';
import { foreignAnswer } from './foreign-answer.ts';
import { nameContainers } from './name-containers.ts';
import { type OpenDocker, openDocker } from './open-docker.ts';
import { type FailedAttempt, unreachable } from './unreachable.ts';
import { MIN_API, otherEngine, tooOld } from './version-refusal.ts';

export interface ConnectOptions extends EngineChoice, HostEnvironment {
  readonly clock: Clock;
  /** Called for every request. */
  readonly hear?: HearCall;
}

const CONNECT_TIMEOUT_MS = 10_000;

const ASKING = 'ask for its version';

/** Errors of an engine that answered. No other engine is tried after them. */
const LAST_WORDS: ReadonlySet<string> = new Set<ErrorCode>(['ENGINE_TOO_OLD', 'ENGINE_UNSUPPORTED']);

/**
 * Connects to the engine that the docker CLI would pick, in one round trip. Rejects with `ENGINE_UNREACHABLE` (what was
 * tried, how to start one here), `ENGINE_PERMISSION`, `ENGINE_TOO_OLD`, `ENGINE_UNSUPPORTED` (Podman), or
 * `NOT_AN_ENGINE` if something else answers.
 */
export async function connectEngine(options: ConnectOptions): Promise<Engine> {
  const failed: FailedAttempt[] = [];
  for (const candidate of await chooseEndpoint(options, options)) {
    const problem = await socketProblem(candidate);
    if (problem) {
      failed.push({ endpoint: candidate, error: problem });
      continue;
    }
    const open = await openDocker(candidate, options, options.hear);
    try {
      const api = await findApi(open, candidate, options.clock.timeout(CONNECT_TIMEOUT_MS));
      const connection = createConnection(open, candidate, options.clock, api);
      return nameContainers(dockerEngine(connection, options, open.close));
    } catch (error) {
      open.close();
      if (error instanceof LobbieError && LAST_WORDS.has(error.code)) throw error;
      const isSaid = error instanceof LobbieError && error.code === 'NOT_AN_ENGINE';
      const known = error instanceof LobbieError && error.cause && !isSaid ? error.cause : error;
      failed.push({ endpoint: candidate, error: known });
    }
  }
  throw await unreachable(failed, options);
}

/** A ping shows in 1 ms that this is a Docker Engine with lobbie's API. Otherwise `/version` tells what it is. */
async function findApi({ docker }: OpenDocker, endpoint: Candidate, signal: AbortSignal): Promise<ApiVersions> {
  const newest = await ping(docker(MIN_API), endpoint, signal);
  if (newest !== undefined) return { spoken: MIN_API, newest };
  const version = await askVersion(docker(), endpoint, signal);
  const other = otherEngine(version, endpoint);
  if (other !== undefined) throw other;
  if (!version.ApiVersion) throw versionless(version, endpoint);
  return { spoken: negotiate(version, endpoint), newest: version.ApiVersion };
}

/**
 * The API version to speak: the oldest that both sides know, because it behaves the same on every engine. Engine 29
 * refuses versions before 1.44.
 */
export function negotiate(version: Version, endpoint: Candidate): string {
  if (isOlder(version.ApiVersion, MIN_API)) {
    throw tooOld(endpoint, `is Docker ${version.Version} (API ${version.ApiVersion})`);
  }
  return version.MinAPIVersion && isOlder(MIN_API, version.MinAPIVersion) ? version.MinAPIVersion : MIN_API;
}

/** Engines from before 2014 do not name their API. Any other JSON without it does not come from an engine. */
function versionless(answer: Partial<Version>, endpoint: Candidate): LobbieError {
  const { Version: name } = answer;
  if (typeof name === 'string')
    return tooOld(endpoint, `is Docker ${name.slice(0, 40)} (without a version of its API)`);
  return foreignAnswer({ status: 200, body: JSON.stringify(answer) }, ASKING, endpoint);
}

/**
 * Pings in the version of the API that the client speaks, so that an engine without it refuses.
 *
 * @returns the newest version that the engine knows; undefined if this is not a Docker Engine for Linux containers, or
 * not one with this version
 */
async function ping({ modem }: Dockerode, endpoint: Candidate, abortSignal: AbortSignal): Promise<string | undefined> {
  const options = { path: '/_ping', method: 'GET', statusCodes: { 200: true }, isStream: true, abortSignal };
  try {
    const { headers } = await new Promise<IncomingMessage>((resolve, reject) => {
      modem.dial(options, (error, answer) => (error ? reject(error) : resolve((answer as IncomingMessage).resume())));
    });
    if (headers.ostype !== 'linux' || headers['libpod-api-version'] !== undefined) return undefined;
    return headers['api-version']?.toString();
  } catch (error) {
    if (error instanceof RefusedAnswer || error instanceof UnexpectedAnswer) return undefined;
    throw engineError(error, ASKING, endpoint, abortSignal);
  }
}

async function askVersion(docker: Dockerode, endpoint: Candidate, abortSignal: AbortSignal): Promise<Version> {
  // The types of dockerode do not declare its options.
  const client = docker as unknown as { version(options: { readonly abortSignal: AbortSignal }): Promise<Version> };
  try {
    return await client.version({ abortSignal });
  } catch (error) {
    throw engineError(error, ASKING, endpoint, abortSignal);
  }
}

/** Finds a missing or forbidden socket without loading any library. */
async function socketProblem({ url }: Candidate): Promise<Error | undefined> {
  if (!url.startsWith('unix:')) return undefined;
  try {
    await access(decodeURI(new URL(url).pathname), constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error && codeOf(error) ? error : new Error(String(error));
  }
}
