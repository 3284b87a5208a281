import { didYouMean } from './did-you-mean.ts';
import type { Finding, Rule } from './rule.ts';

/** Networks, volumes, secrets, configs and models that a service uses and the file does not define. */
export const undefinedNames: Rule = function* (config) {
  const { services, networks = {}, volumes = {}, secrets = {}, configs = {}, models = {} } = config;
  for (const [name, service] of Object.entries(services)) {
    const at = (key: string, kind: string, known: object, used: string): Finding[] =>
      Object.hasOwn(known, used)
        ? []
        : [
            {
              path: ['services', name, ...key.split('.')],
              at: ['services', name, ...key.split('.'), used],
              message: used === '' ? `a ${kind} has no name` : `the ${kind} "${used}" is not defined under "${kind}s"`,
              ...didYouMean(used, Object.keys(known)),
            },
          ];
    for (const network of Object.keys(service.networks ?? {})) yield* at('networks', 'network', networks, network);
    for (const { type, source } of service.volumes ?? [])
      if (type === 'volume' && source !== undefined && source !== '') yield* at('volumes', 'volume', volumes, source);
    for (const { source } of service.secrets ?? []) yield* at('secrets', 'secret', secrets, source);
    for (const { source } of service.build?.secrets ?? []) yield* at('build.secrets', 'secret', secrets, source);
    for (const { source } of service.configs ?? []) yield* at('configs', 'config', configs, source);
    for (const model of Object.keys(service.models ?? {})) yield* at('models', 'model', models, model);
  }
};
