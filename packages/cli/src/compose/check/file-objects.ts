import type { FileObjectConfig } from '../compose-config.ts';
import type { Finding, Rule } from './rule.ts';

const SOURCES = { secret: ['file', 'environment'], config: ['file', 'environment', 'content'] } as const;

/** Secrets and configs that say nothing of where they are from, or too much. */
export const fileSources: Rule = function* ({ secrets = {}, configs = {} }) {
  for (const [name, secret] of Object.entries(secrets)) yield* sourcesOf('secret', name, secret);
  for (const [name, config] of Object.entries(configs)) yield* sourcesOf('config', name, config);
};

function* sourcesOf(kind: 'secret' | 'config', name: string, object: FileObjectConfig): Generator<Finding> {
  if (object.external === true) return;
  const path = [`${kind}s`, name];
  const said = SOURCES[kind].filter((key) => object[key] !== undefined);
  const choice = SOURCES[kind]
    .map((key) => `"${key}"`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
  if (said.length === 0) yield { path, message: `expected one of ${choice}` };
  if (said.length > 1) yield { path, message: `expected only one of ${choice}, got ${said.join(' and ')}` };
}

/** Secrets and configs of active services whose file or variable is not there, or which a Swarm would have to keep. */
export const fileContents: Rule = function* ({ services, secrets = {}, configs = {} }, { isFile, environment }) {
  const used = { secrets: new Set<string>(), configs: new Set<string>() };
  for (const service of Object.values(services)) {
    for (const { source } of service.secrets ?? []) used.secrets.add(source);
    for (const { source } of service.configs ?? []) used.configs.add(source);
  }
  const objects = [
    ...Object.entries(secrets).map(([name, object]) => ['secrets', name, object] as const),
    ...Object.entries(configs).map(([name, object]) => ['configs', name, object] as const),
  ];
  for (const [key, name, object] of objects) {
    if (!used[key].has(name)) continue;
    const path = [key, name];
    if (object.external === true) {
      const message = 'an external one lives in a Swarm, which lobbie does not use';
      yield { path: [...path, 'external'], message, hint: 'Say "file" or "environment" instead.' };
    } else if (object.file !== undefined && !isFile(object.file)) {
      yield { path: [...path, 'file'], message: `there is no file ${object.file}` };
    } else if (object.environment !== undefined && environment[object.environment] === undefined) {
      const hint = `Set it in the environment or in \`.env\`: ${object.environment}=…`;
      yield { path: [...path, 'environment'], message: `the variable ${object.environment} is not set`, hint };
    }
  }
};
