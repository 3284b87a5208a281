import type { EngineEndpoint } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import type { Version } from './api-version.ts';
import { readRefusal } from './read-refusal.ts';

/** The oldest API that lobbie speaks: Engine 20.10. */
export const MIN_API = '1.41';

/**
 * The error for an engine or a proxy that refuses lobbie's version of the API; undefined if the message is about
 * something else.
 */
export function versionRefusal(words: string, endpoint: EngineEndpoint): LobbieError | undefined {
  const spoken = /client (?:API )?version:? v?(\d+\.\d+)/i.exec(words)?.[1] ?? MIN_API;
  if (/client (?:API )?version \S+ is too new|client is newer than server/i.test(words)) {
    const newest = /(?:Maximum supported API version is|server API version:) v?(\d+\.\d+)/i.exec(words)?.[1];
    return tooOld(endpoint, `knows the API up to ${newest ?? `a version before ${spoken}`}`);
  }
  if (!/client (?:API )?version \S+ is too old/i.test(words)) return undefined;
  const oldest = /Minimum supported API version is v?(\d+\.\d+)/i.exec(words)?.[1];
  return new LobbieError(
    'ENGINE_ERROR',
    `The engine at ${endpoint.url} (${endpoint.chosenBy}) accepts the API from ${oldest ?? `a version after ${spoken}`} on, but lobbie used ${spoken}.`,
    {
      hint: 'The engine was upgraded meanwhile, or another one answers: run the command again.',
      details: [words],
      facts: { refusal: readRefusal(words, { why: `${words}.`, isLasting: true }) },
    },
  );
}

/** The error for an engine with Docker's API that lobbie does not support: Podman, or one for Windows containers. */
export function otherEngine({ Components, Os }: Version, endpoint: EngineEndpoint): LobbieError | undefined {
  if (Os === 'windows')
    return new LobbieError(
      'ENGINE_UNSUPPORTED',
      `The engine at ${endpoint.url} runs Windows containers, which lobbie does not support: it needs Linux containers.`,
      {
        hint: 'Switch Docker Desktop to Linux containers, or name another engine with --host, --context or DOCKER_HOST.',
        details: [`chosen by: ${endpoint.chosenBy}`],
      },
    );
  const podman = Components?.find(({ Name = '' }) => /podman/i.test(Name));
  if (podman === undefined) return undefined;
  const named = podman.Version === undefined ? 'Podman' : `Podman ${podman.Version}`;
  return new LobbieError(
    'ENGINE_UNSUPPORTED',
    `The engine at ${endpoint.url} is ${named}, which lobbie does not support yet: it needs a Docker Engine.`,
    {
      hint: 'Name a Docker Engine with --host, --context or DOCKER_HOST, or install one: https://docs.docker.com/engine/install/',
      details: [`chosen by: ${endpoint.chosenBy}`],
    },
  );
}

/** The error for an engine that is too old; `what` follows its address, such as `is Docker 19.03 (API 1.40)`. */
export const tooOld = (endpoint: EngineEndpoint, what: string): LobbieError =>
  new LobbieError(
    'ENGINE_TOO_OLD',
    `The engine at ${endpoint.url} ${what}; lobbie needs 20.10 (API ${MIN_API}) or newer.`,
    { hint: 'Upgrade Docker: https://docs.docker.com/engine/install/', details: [`chosen by: ${endpoint.chosenBy}`] },
  );
