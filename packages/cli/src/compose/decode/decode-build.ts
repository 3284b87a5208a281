import type { BuildConfig } from '../build-config.ts';
import type { FileReference, Ulimit } from '../config-parts.ts';
import { isMap, type Tree } from '../tree.ts';
import {
  bad,
  count,
  type Decode,
  environment,
  flag,
  listOf,
  mapOf,
  mapping,
  object,
  size,
  text,
  texts,
} from './decode.ts';
import { extraHosts } from './decode-hosts.ts';

/** Permission bits: text is octal, a number is used as it is. */
const mode: Decode<string> = (value, place) => {
  if (value === undefined || value === null) return undefined;
  const bits = typeof value === 'string' && /^[0-7]+$/.test(value) ? Number.parseInt(value, 8) : value;
  return typeof bits === 'number'
    ? `0${bits.toString(8)}`
    : bad(place, `expected octal permission bits, got "${value}"`);
};

/** How a service or a build uses secrets or configs. */
export const fileReferences: Decode<FileReference[]> = listOf(
  object<FileReference>({
    source: (value, place) => text(value, place) ?? '',
    target: text,
    uid: text,
    gid: text,
    mode,
  }),
);

/** One number for both limits, or soft and hard. */
export const ulimits: Decode<Record<string, Ulimit>> = mapOf<Ulimit>((value, place) => {
  const single = count(value, place);
  if (single !== undefined && single !== 0) return single;
  const { soft, hard } = isMap(value) ? value : {};
  return { ...limit('soft', soft), ...limit('hard', hard) };
});

function limit(key: 'soft' | 'hard', value: Tree | undefined): { soft?: number; hard?: number } {
  const given = count(value, { path: [], report: () => undefined });
  return given ? { [key]: given } : {};
}

const sshKeys: Decode<unknown[]> = (value) => {
  const keys = isMap(value) ? Object.entries(value) : [];
  return keys.length === 0 ? undefined : keys.map(([id, path]) => (path === null ? id : `${id}: ${String(path)}`));
};

/** The build of a service. */
export const build: Decode<BuildConfig> = object<BuildConfig>({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: environment,
  provenance: text,
  sbom: text,
  ssh: sshKeys,
  labels: mapping,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  additional_contexts: mapping,
  pull: flag,
  extra_hosts: extraHosts,
  isolation: text,
  network: text,
  target: text,
  secrets: fileReferences,
  shm_size: size,
  tags: texts,
  ulimits,
  platforms: texts,
  privileged: flag,
});
