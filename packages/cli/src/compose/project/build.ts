import type { Build } from '../../model/build.ts';
import { defined } from '../../model/defined.ts';
import type { PullPolicy } from '../../model/service.ts';
import type { ServiceConfig } from '../service-config.ts';
import type { Reading } from './reading.ts';

/** How to build the image of a service; undefined if it is not built. */
export function buildOf({ problem }: Reading, path: string, { build, platform }: ServiceConfig): Build | undefined {
  if (build === undefined) return undefined;
  const context = build.context ?? '';
  if (/^([a-z+]+:\/\/|git@|github\.com\/)/i.test(context))
    problem(
      `${path}.build.context`,
      `"${context}" is not a directory on this machine`,
      'Clone it, and use that directory.',
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

/** Converts the canonical `host=address` to the engine's `host:address`. */
export const hostEntry = (entry: string): string => entry.replace('=', ':');

/** The meaning of `pull_policy` for lobbie. A policy that depends on the image's age pulls only a missing image. */
export function pullPolicyOf({ warning }: Reading, path: string, { pull_policy: policy }: ServiceConfig): PullPolicy {
  if (policy === 'always' || policy === 'never' || policy === 'build') return policy;
  if (policy !== undefined && policy !== 'missing' && policy !== 'if_not_present')
    warning(
      `${path}.pull_policy`,
      `"${policy}" means "missing" to lobbie`,
      'To pull a newer image: lobbie deploy --pull',
    );
  return 'missing';
}
