import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An address where an engine may listen, and how it was chosen. */
export interface EngineCandidate {
  /** `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`, `npipe://…` */
  readonly url: string;
  readonly chosenBy: string;
}

/** Facts that decide which engine to use. */
export interface EngineSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** The socket that Docker's own packages listen on. */
export const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * The engines to try, in order, chosen like the docker CLI does: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current context,
 * else
 * the platform's default sockets. If the user named an engine, it is the only candidate.
 */
export function engineCandidates(surroundings: EngineSurroundings): EngineCandidate[] {
  const { environment } = surroundings;
  if (environment.DOCKER_HOST) return [{ url: environment.DOCKER_HOST, chosenBy: 'DOCKER_HOST' }];
  const directory = environment.DOCKER_CONFIG || join(surroundings.home, '.docker');
  const context = environment.DOCKER_CONTEXT || currentContext(directory);
  if (context && context !== 'default') {
    const url = contextHost(directory, context);
    if (url) return [{ url, chosenBy: `context "${context}"` }];
  }
  return defaultSockets(surroundings).map((url) => ({ url, chosenBy: 'default socket' }));
}

function defaultSockets({ environment, home, platform }: EngineSurroundings): string[] {
  if (platform === 'win32') return ['npipe:////./pipe/docker_engine'];
  const runtime = environment.XDG_RUNTIME_DIR;
  return [
    `unix://${DEFAULT_SOCKET}`,
    ...(platform === 'linux' && runtime ? [`unix://${runtime}/docker.sock`] : []),
    `unix://${home}/.docker/run/docker.sock`,
    `unix://${home}/.docker/desktop/docker.sock`,
  ];
}

function currentContext(directory: string): string | undefined {
  const config = readJson(join(directory, 'config.json'));
  return isRecord(config) && typeof config.currentContext === 'string' ? config.currentContext : undefined;
}

/** Contexts are in directories named by the SHA-256 of their names, as `docker context` writes them. */
function contextHost(directory: string, name: string): string | undefined {
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(directory, 'contexts', 'meta', folder, 'meta.json'));
  const endpoints = isRecord(meta) ? meta.Endpoints : undefined;
  const docker = isRecord(endpoints) ? endpoints.docker : undefined;
  return isRecord(docker) && typeof docker.Host === 'string' ? docker.Host : undefined;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
