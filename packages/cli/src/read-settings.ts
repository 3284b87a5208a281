import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Settings } from './commands/context.ts';
import { BASE_IMAGES } from './model/base-images.ts';
import { LobbieError } from './model/errors.ts';

/** Where settings come from: the environment first, then the env files, the last one first. */
export interface SettingsSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /**
   * `--env-file`; default: `.env` in the current directory. A file that cannot be read is reported with the Compose
   * files.
   */
  readonly envFiles?: readonly string[] | undefined;
}

/**
 * Reads lobbie's own settings.
 *
 * @throws LobbieError `INVALID_INPUT` naming the variable
 */
export async function readSettings({
  env,
  cwd,
  envFiles = ['.env'],
}: SettingsSource): Promise<Settings & { readonly debianImage: string; readonly ingressImage: string }> {
  const files = await Promise.all(envFiles.map((path) => readDotEnv(resolve(cwd, path))));
  const file: Record<string, string | undefined> = Object.assign({}, ...files);
  const setting = (name: string, fallback: string): string => env[name] || file[name] || fallback;
  return {
    nodeImage: setting('LOBBIE_NODE_IMAGE', BASE_IMAGES.node),
    debianImage: setting('LOBBIE_DEBIAN_IMAGE', BASE_IMAGES.debian),
    // Empty: the image that lobbie builds.
    ingressImage: setting('LOBBIE_INGRESS_IMAGE', ''),
    port: parsePort(setting('LOBBIE_PORT', '8080')),
  };
}

async function readDotEnv(path: string): Promise<Record<string, string | undefined>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return parseEnv(text);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new LobbieError('INVALID_INPUT', `LOBBIE_PORT: expected a port from 0 to 65535, got "${text}".`, {
    hint: 'Set it in the environment or in an env file, for example LOBBIE_PORT=8080.',
  });
}
