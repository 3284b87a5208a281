import type { ComposeConfig } from '../compose-config.ts';
import { renderYaml } from './render-yaml.ts';
import { toYamlForm } from './yaml-form.ts';

/**
 * A config as `docker compose config` prints it, `$` written as `$$` so that the text can be read as a Compose file
 * again. Only YAML shows the extensions of services and the like, as in Docker Compose.
 */
export function renderComposeConfig(config: ComposeConfig, format: 'yaml' | 'json'): string {
  const text = format === 'json' ? renderJson(config) : renderYaml(toYamlForm(config));
  return text.replaceAll('$', '$$$$');
}

function renderJson(config: ComposeConfig): string {
  const { name, services, networks, volumes, secrets, configs, models: _, ...extensions } = config;
  const parts = withoutExtensions({ configs, name, networks, secrets, services, volumes });
  return JSON.stringify({ ...(parts as object), ...withoutEmptyLists(extensions) }, null, 2).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Empty lists of extensions are null in the JSON of Docker Compose. */
function withoutEmptyLists<T>(value: T): T {
  if (Array.isArray(value)) return (value.length === 0 ? null : value.map(withoutEmptyLists)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutEmptyLists(entry)])) as T;
}

/** Records of names that users choose have no prototype; in all others a key that begins with `x-` is an extension. */
function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  const isOfNames = Object.getPrototypeOf(value) === null;
  const entries = Object.entries(value).filter(([key]) => isOfNames || !key.startsWith('x-'));
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutExtensions(entry)]));
}
