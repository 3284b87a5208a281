import type { Rule } from './rule.ts';

/** Two mounts with the same target. */
export const mountTargets: Rule = function* ({ services }) {
  for (const [service, { tmpfs = [], volumes = [] }] of Object.entries(services)) {
    const taken = new Set<string>();
    const targets = [
      ...tmpfs.map((entry) => ['tmpfs', entry.split(':')[0] ?? ''] as const),
      ...volumes.map(({ target }) => ['volumes', target] as const),
    ];
    for (const [key, target] of targets) {
      if (taken.has(target))
        yield {
          path: ['services', service, key],
          at: ['services', service, key, target],
          message: `${target} is mounted twice`,
        };
      taken.add(target);
    }
  }
};

/** Bind mounts without a source. */
export const mountSources: Rule = function* ({ services }) {
  for (const [service, { volumes = [] }] of Object.entries(services))
    for (const { type, source, target } of volumes)
      if (type === 'bind' && source === undefined)
        yield {
          path: ['services', service, 'volumes'],
          at: ['services', service, 'volumes', target],
          message: `the bind mount at ${target} has no source: set a path on the host`,
        };
};
