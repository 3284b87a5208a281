import type { ComposeConfig } from './compose-config.ts';
import { renderYaml } from './render-yaml.ts';
import { toYamlForm } from './yaml-form.ts';

/**
 * A config as `docker compose config` prints it, `$` written as `$$` so that the text can be read as a Compose file again.
 * Only YAML shows the extensions of services and the like, as in Docker Compose.
 */
export function renderConfig(config: ComposeConfig, format: 'yaml' | 'json'): string {
  const text = format === 'json' ? renderJson(config) : renderYaml(toYamlForm(config));
  return text.replaceAll('$', '$$$$');
}

function renderJson(config: ComposeConfig): string {
  const top = Object.keys(config).toSorted();
  const sorted = Object.fromEntries(
    top.map((key) => [key, key.startsWith('x-') ? Reflect.get(config, key) : withoutExtensions(Reflect.get(config, key), 0)]),
  );
  return JSON.stringify(sorted, null, 2).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Depth 0 has the user's names, which may begin with `x-` like anything else. */
function withoutExtensions(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutExtensions(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return value;
}
