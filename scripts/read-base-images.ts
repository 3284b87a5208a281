import { readFile } from 'node:fs/promises';
import { readEnvFile } from './env-file.ts';

/** The base images that the first run found or made, from `.env`; the environment overrides them. */
export async function readBaseImages(): Promise<Record<string, string>> {
  const text = await readFile(new URL('../.env', import.meta.url), 'utf8').catch(() => '');
  return Object.fromEntries(
    Object.entries(readEnvFile(text)).filter(([key]) => key.endsWith('_IMAGE') && process.env[key] === undefined),
  );
}
