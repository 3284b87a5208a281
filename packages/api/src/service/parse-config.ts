import { z } from 'zod';
import { StartError } from './start-error.ts';

/** Invalid or missing configuration. The message is one line that names each variable. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
}

/**
 * Reads configuration from environment variables. An empty variable counts as missing, because Compose files create
 * such variables. Throws {@link ConfigError}. Values are never shown, because any of them could be a key.
 */
export function parseConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, env[name] || undefined]));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => describe(issue, given)).join('; '));
}

function describe(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = issue.path.join('.');
  return given[name] === undefined ? `${name}: is missing` : `${name}: ${issue.message}`;
}
