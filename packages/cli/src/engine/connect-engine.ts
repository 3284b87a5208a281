import { access, constants } from 'node:fs/promises';
import type { Engine } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import { isOlder, type Version } from './api-version.ts';
import { type Candidate, chooseEndpoint, type EngineChoice } from './choose-endpoint.ts';
import { createConnection } from './connection.ts';
import type { Surroundings } from './docker-config.ts';
import { dockerEngine } from './docker-engine.ts';
import { codeOf } from './engine-error.ts';
import { openModem } from './open-modem.ts';
import { type FailedAttempt, unreachable } from './unreachable.ts';

export type ConnectOptions = EngineChoice & Surroundings;

/** The oldest API that lobbie speaks: Engine 20.10. */
const MIN_API = '1.41';
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects to the engine that the docker CLI would pick, in one round trip. Rejects with `ENGINE_UNREACHABLE` (what
 * was tried, how to start one here), `ENGINE_PERMISSION` or `ENGINE_TOO_OLD`.
 */
export async function connectEngine(options: ConnectOptions): Promise<Engine> {
  const failed: FailedAttempt[] = [];
  for (const candidate of await chooseEndpoint(options, options)) {
    const problem = await socketProblem(candidate);
    if (problem) {
      failed.push({ endpoint: candidate, error: problem });
      continue;
    }
    const open = await openModem(candidate, options);
    try {
      const version = await createConnection(open.modem, candidate).json<Version>({
        doing: 'ask for its version',
        path: '/version',
        signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
      });
      if (!version?.ApiVersion) throw new Error('does not answer as a Docker Engine does');
      const connection = createConnection(open.modem, candidate, {
        spoken: negotiate(version, candidate),
        newest: version.ApiVersion,
      });
      return dockerEngine(connection, version, options, open.close);
    } catch (error) {
      open.close();
      if (error instanceof LobbieError && error.code === 'ENGINE_TOO_OLD') throw error;
      failed.push({ endpoint: candidate, error: error instanceof LobbieError && error.cause ? error.cause : error });
    }
  }
  throw await unreachable(failed, options);
}

/**
 * The API version to speak: the oldest that both sides know, for that behaves the same on every engine. Engine 29
 * refuses what is older than 1.44.
 */
export function negotiate(version: Version, endpoint: Candidate): string {
  if (isOlder(version.ApiVersion, MIN_API)) {
    throw new LobbieError(
      'ENGINE_TOO_OLD',
      `The engine at ${endpoint.url} is Docker ${version.Version} (API ${version.ApiVersion}); lobbie needs 20.10 (API ${MIN_API}) or newer.`,
      { hint: 'Upgrade Docker: https://docs.docker.com/engine/install/' },
    );
  }
  return version.MinAPIVersion && isOlder(MIN_API, version.MinAPIVersion) ? version.MinAPIVersion : MIN_API;
}

/** A missing or forbidden socket is known without loading any library. */
async function socketProblem({ url }: Candidate): Promise<Error | undefined> {
  if (!url.startsWith('unix:')) return undefined;
  try {
    await access(decodeURI(new URL(url).pathname), constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error && codeOf(error) ? error : new Error(String(error));
  }
}
