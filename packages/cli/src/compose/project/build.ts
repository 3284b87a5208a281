import type { Build } from '../../model/build.ts';
import type { PullPolicy } from '../../model/service.ts';
import { defined } from '../defined.ts';
import type { ServiceConfig } from '../service-config.ts';
import type { Reading } from './reading.ts';

/** How the image of a service is built; undefined where it is not. */
export function buildOf({ problem }: Reading, path: string, { build, platform }: ServiceConfig): Build | undefined {
  if (build === undefined) return undefined;
  const context = build.context ?? '';
  if (/^([a-z+]+:\/\/|git@|github\.com\/)/i.test(context))
    problem(
      `${path}.build.context`,
      `"${context}" is not a directory of this machine`,
      'Clone it, and name the directory.',
    );
  const args = Object.entries(build.args ?? {}).filter((arg): arg is [string, string] => arg[1] !== null);
  return {
    context,
    dockerfile: build.dockerfile ?? 'Dockerfile',
    args: Object.fromEntries(args),
    ...defined({
      dockerfileInline: build.dockerfile_inline,
      target: build.target,
      platform: build.platforms?.length === 1 ? build.platforms[0] : platform,
      labels: build.labels,
      network: build.network,
      extraHosts: build.extra_hosts?.map(hostEntry),
      shmSizeBytes: build.shm_size === undefined ? undefined : Number(build.shm_size),
      noCache: build.no_cache,
      pull: build.pull,
      tags: build.tags,
    }),
  };
}

/** `host=address` in the canonical form is `host:address` for the engine. */
export const hostEntry = (entry: string): string => entry.replace('=', ':');

/** What `pull_policy` means here; one that goes by the age of an image pulls a missing one. */
export function pullPolicyOf({ warning }: Reading, path: string, { pull_policy: policy }: ServiceConfig): PullPolicy {
  if (policy === 'always' || policy === 'never' || policy === 'build') return policy;
  if (policy !== undefined && policy !== 'missing' && policy !== 'if_not_present')
    warning(
      `${path}.pull_policy`,
      `"${policy}" is read as "missing"`,
      'To look for a newer image: lobbie deploy --pull',
    );
  return 'missing';
}
