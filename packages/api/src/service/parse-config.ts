import { z } from 'zod';
import { StartError } from './start-error.ts';

/** Wrong or missing configuration; the message is one line that names each variable. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError';
}

/**
 * Reads configuration from environment variables. An empty variable counts as missing, as Compose files make them.
 * Throws {@link ConfigError}; values are never shown, for any of them could be a key.
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
