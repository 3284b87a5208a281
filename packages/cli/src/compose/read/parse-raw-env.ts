import type { Dotenv } from './parse-dotenv.ts';

/**
 * Reads an env file with `format: raw` like `docker run --env-file`: no quotes, no variables, everything after `=` is
 * the value.
 */
export function parseRawEnv(text: string, lookup: (name: string) => string | undefined): Dotenv {
  const variables: Record<string, string> = Object.create(null);
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n|\r$/)
    .entries()) {
    const line = whole.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const name = equals === -1 ? line : line.slice(0, equals);
    if (name === '' || /[ \t]/.test(name))
      return { variables, error: { line: index + 1, message: 'there is no variable name before "="' } };
    const value = equals === -1 ? lookup(name) : line.slice(equals + 1);
    if (value !== undefined) variables[name] = value;
  }
  return { variables };
}
