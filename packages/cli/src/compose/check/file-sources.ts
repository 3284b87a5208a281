import type { FileObjectConfig } from '../compose-config.ts';
import { wordList } from '../schema/forms.ts';
import type { Finding, Rule } from './rule.ts';

const SOURCES = { secret: ['file', 'environment'], config: ['file', 'environment', 'content'] } as const;

/** Secrets and configs with no source, or with several. */
export const fileSources: Rule = function* ({ secrets = {}, configs = {} }) {
  for (const [name, secret] of Object.entries(secrets)) yield* sourcesOf('secret', name, secret);
  for (const [name, config] of Object.entries(configs)) yield* sourcesOf('config', name, config);
};

function* sourcesOf(kind: 'secret' | 'config', name: string, object: FileObjectConfig): Generator<Finding> {
  if (object.external === true) return;
  const path = [`${kind}s`, name];
  const said = SOURCES[kind].filter((key) => object[key] !== undefined);
  const choice = wordList(SOURCES[kind]);
  if (said.length === 0) yield { path, message: `expected ${choice}, got none of them` };
  if (said.length > 1)
    yield { path, message: `expected only one of ${choice}, got ${said.map((key) => `"${key}"`).join(' and ')}` };
}
