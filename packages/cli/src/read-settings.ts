import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Settings } from './commands/context.ts';
import { LobbieError } from './model/errors.ts';

/** Where settings come from: the environment, then `.env` in the current directory. */
export interface SettingsSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Reads lobbie's own settings.
 *
 * @throws LobbieError `INVALID_INPUT` naming the variable
 */
export async function readSettings({ env, cwd }: SettingsSource): Promise<Settings & { readonly debianImage: string }> {
  const file = await readDotEnv(cwd);
  const setting = (name: string, fallback: string): string => env[name] || file[name] || fallback;
  return {
    nodeImage: setting('LOBBIE_NODE_IMAGE', 'node:24-trixie-slim'),
    debianImage: setting('LOBBIE_DEBIAN_IMAGE', 'debian:trixie-slim'),
    port: parsePort(setting('LOBBIE_PORT', '8080')),
  };
}

async function readDotEnv(cwd: string): Promise<Record<string, string | undefined>> {
  const text = await readFile(join(cwd, '.env'), 'utf8').catch(() => '');
  return parseEnv(text);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new LobbieError('INVALID_INPUT', `LOBBIE_PORT: expected a port from 0 to 65535, got "${text}".`, {
    hint: 'Set it in the environment or in `.env`, for example LOBBIE_PORT=8080.',
  });
}
