import { readFile } from 'node:fs/promises';
import { readEnvFile } from './env-file.ts';

/** The base images that the first run found or made, as it wrote them into `.env`; the environment wins over it. */
export async function readBaseImages(): Promise<Record<string, string>> {
  const text = await readFile(new URL('../.env', import.meta.url), 'utf8').catch(() => '');
  return Object.fromEntries(
    Object.entries(readEnvFile(text)).filter(([key]) => key.endsWith('_IMAGE') && process.env[key] === undefined),
  );
}
