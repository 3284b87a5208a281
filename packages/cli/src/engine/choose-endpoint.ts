import { join } from 'node:path';
import type { EngineEndpoint } from '../model/engine.ts';
import { LobbieError } from '../model/errors.ts';
import {
  configDirectory,
  type HostEnvironment,
  readDockerConfig,
  readDockerContext,
  readTls,
  type TlsMaterial,
} from './docker-config.ts';

/** The socket on which Docker's own packages listen. */
export const SYSTEM_SOCKET = '/var/run/docker.sock';

/** The `chosenBy` of the platform's own sockets. */
export const BY_DEFAULT = 'default';

/** An address to try, and the certificates to trust it. */
export interface Candidate extends EngineEndpoint {
  readonly tls?: TlsMaterial | undefined;
}

export interface EngineChoice {
  /** From `--host`. */
  readonly host?: string | undefined;
  /** From `--context`. */
  readonly context?: string | undefined;
}

/**
 * Where to look for the engine, first choice first, as the docker CLI decides: `--host`, `--context`, `DOCKER_HOST`,
 * `DOCKER_CONTEXT`, the current context, then the platform's default sockets. There are several addresses only for the
 * default.
 */
export async function chooseEndpoint(
  choice: EngineChoice,
  surroundings: HostEnvironment,
): Promise<readonly Candidate[]> {
  const { env } = surroundings;
  if (choice.host && choice.context) {
    throw new LobbieError('USAGE', '--host and --context select two engines.', { hint: 'Use only one of them.' });
  }
  if (choice.host) return [await hostCandidate(choice.host, '--host', surroundings)];
  if (choice.context) return contextCandidates(choice.context, '--context', surroundings);
  if (env.DOCKER_HOST) return [await hostCandidate(env.DOCKER_HOST, 'DOCKER_HOST', surroundings)];
  if (env.DOCKER_CONTEXT) return contextCandidates(env.DOCKER_CONTEXT, 'DOCKER_CONTEXT', surroundings);
  const { currentContext } = await readDockerConfig(surroundings);
  if (currentContext) return contextCandidates(currentContext, undefined, surroundings);
  return defaultCandidates(surroundings);
}

async function contextCandidates(
  name: string,
  chosenBy: string | undefined,
  surroundings: HostEnvironment,
): Promise<readonly Candidate[]> {
  // The context `default` is not stored: it means DOCKER_HOST or the platform's sockets.
  if (name === 'default') {
    const { DOCKER_HOST } = surroundings.env;
    return DOCKER_HOST
      ? [await hostCandidate(DOCKER_HOST, 'DOCKER_HOST', surroundings)]
      : defaultCandidates(surroundings);
  }
  const { host, tls } = await readDockerContext(surroundings, name);
  const by = chosenBy ? `${chosenBy} ${name}` : `context "${name}"`;
  return [{ ...endpointOf(host, by), tls }];
}

async function hostCandidate(host: string, chosenBy: string, surroundings: HostEnvironment): Promise<Candidate> {
  const { env } = surroundings;
  const endpoint = endpointOf(host, chosenBy);
  if (!endpoint.url.startsWith('tcp:') || (!env.DOCKER_TLS_VERIFY && !env.DOCKER_TLS)) return endpoint;
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  const directory = env.DOCKER_CERT_PATH || configDirectory(surroundings);
  return { ...endpoint, tls: (await readTls(directory, verify)) ?? { rejectUnauthorized: verify } };
}

const SCHEMES = new Set(['unix', 'npipe', 'tcp', 'http', 'https', 'ssh']);

/** Completes one address. Without a scheme it is TCP, as in the docker CLI. */
function endpointOf(host: string, chosenBy: string): EngineEndpoint {
  const url = host.includes('://') ? host : `tcp://${host}`;
  const scheme = url.slice(0, url.indexOf(':'));
  if (!SCHEMES.has(scheme) || /\s/.test(url) || !URL.canParse(url) || (url !== host && host.includes('/'))) {
    throw new LobbieError(
      'USAGE',
      `${chosenBy}: expected an address such as unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host, got "${host}".`,
    );
  }
  return { url, chosenBy, local: scheme === 'unix' || scheme === 'npipe' };
}

/** Docker's own sockets: the system's, the rootless one, Docker Desktop's. */
export function defaultCandidates({ env, homeDirectory, platform }: HostEnvironment): readonly Candidate[] {
  const chosenBy = BY_DEFAULT;
  if (platform === 'win32') return [{ url: 'npipe:////./pipe/docker_engine', chosenBy, local: true }];
  const runtime = env.XDG_RUNTIME_DIR;
  const sockets = [
    SYSTEM_SOCKET,
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(homeDirectory, '.docker/run/docker.sock'),
    ...(platform === 'linux' ? [join(homeDirectory, '.docker/desktop/docker.sock')] : []),
  ];
  return sockets.map((socket) => ({ url: `unix://${socket}`, chosenBy, local: true }));
}
