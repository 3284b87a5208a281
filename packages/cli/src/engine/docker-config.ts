import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LobbieError } from '../model/errors.ts';

/**
 * The parts of the caller's environment that select engines and credentials. Always passed in, never read from
 * `process`.
 */
export interface HostEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly platform: NodeJS.Platform;
}

/** The fields of the docker CLI's `config.json` that lobbie reads. */
export interface DockerConfig {
  readonly currentContext?: string;
  readonly auths?: Readonly<Record<string, { auth?: string; identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** A named context of the docker CLI: the address of its engine and its certificates. */
export interface DockerContext {
  readonly host: string;
  readonly tls: TlsMaterial | undefined;
}

export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly rejectUnauthorized: boolean;
}

export const configDirectory = ({ env, homeDirectory }: HostEnvironment): string =>
  env.DOCKER_CONFIG || join(homeDirectory, '.docker');

/** Reads `config.json`; empty if it does not exist. `INVALID_INPUT` if it is not JSON. */
export async function readDockerConfig(surroundings: HostEnvironment): Promise<DockerConfig> {
  const file = join(configDirectory(surroundings), 'config.json');
  const text = await readOptional(file);
  if (text === undefined || text.length === 0) return {};
  try {
    return JSON.parse(text.toString());
  } catch (error) {
    throw new LobbieError('INVALID_INPUT', `${file}: expected JSON (${String(error)}).`, { cause: error });
  }
}

/**
 * Reads a context of the docker CLI: `contexts/meta/<sha256 of name>/meta.json` and the certificates beside it in
 * `contexts/tls`. `INVALID_INPUT` if there is no context with that name.
 */
export async function readDockerContext(surroundings: HostEnvironment, name: string): Promise<DockerContext> {
  const contexts = join(configDirectory(surroundings), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(contexts, 'meta', id, 'meta.json');
  const text = await readOptional(file);
  const meta = text && (JSON.parse(text.toString()) as ContextMeta);
  const endpoint = meta?.Endpoints?.docker;
  if (!endpoint?.Host) {
    throw new LobbieError('INVALID_INPUT', `There is no docker context named "${name}".`, {
      details: [`looked for ${file}`],
      hint: 'List the contexts with `docker context ls`.',
    });
  }
  const verify = !endpoint.SkipTLSVerify;
  const tls = await readTls(join(contexts, 'tls', id, 'docker'), verify);
  // As in the docker CLI, a context for TLS without verification uses TLS, with or without certificates.
  return { host: endpoint.Host, tls: tls ?? (verify ? undefined : { rejectUnauthorized: false }) };
}

/** Reads `ca.pem`, `cert.pem` and `key.pem` from a directory, as far as they exist; undefined if there are none. */
export async function readTls(directory: string, rejectUnauthorized: boolean): Promise<TlsMaterial | undefined> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readOptional(join(directory, name))),
  );
  if (!ca && !cert && !key) return undefined;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized };
}

interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

const readOptional = (file: string): Promise<Buffer | undefined> => readFile(file).catch(() => undefined);
