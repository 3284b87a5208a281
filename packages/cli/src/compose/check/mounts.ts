import type { ServiceVolume } from '../service-volume.ts';
import type { Rule } from './rule.ts';

/** Two mounts at one place. */
export const mountTargets: Rule = function* ({ services }) {
  for (const [service, { tmpfs = [], volumes = [] }] of Object.entries(services)) {
    const taken = new Set<string>();
    const targets = [
      ...tmpfs.map((entry) => ['tmpfs', entry.split(':')[0] ?? ''] as const),
      ...volumes.map(({ target }) => ['volumes', target] as const),
    ];
    for (const [key, target] of targets) {
      if (taken.has(target)) yield { path: ['services', service, key], message: `${target} is mounted twice` };
      taken.add(target);
    }
  }
};

const SUPPORTED: ReadonlySet<ServiceVolume['type']> = new Set(['bind', 'volume', 'tmpfs']);

/** Kinds of mounts that lobbie does not make. */
export const mountKinds: Rule = function* ({ services }) {
  for (const [service, { volumes = [] }] of Object.entries(services))
    for (const { type, target } of volumes)
      if (!SUPPORTED.has(type)) {
        const message = `mounts of the type "${type}" are not supported by lobbie (${target})`;
        yield { path: ['services', service, 'volumes'], message, hint: 'Use "bind", "volume" or "tmpfs".' };
      }
};
