import prettyBytes from 'pretty-bytes';
import type { Path } from '../problem.ts';
import type { ServiceConfig } from '../service-config.ts';
import type { Finding, Rule } from './rule.ts';

/** The engine's minimum for memory and for its reservation. */
const LEAST_BYTES = 6 * 1024 * 1024;

/**
 * Sizes, numbers and paths that Docker Compose accepts but every engine refuses when it creates or starts the
 * container.
 */
export const engineBounds: Rule = function* ({ services }) {
  for (const [name, service] of Object.entries(services)) {
    const path = ['services', name];
    yield* memory(path, service);
    yield* numbers(path, service);
    yield* ulimits(path, service);
    const { working_dir: directory = '' } = service;
    if (directory !== '' && !directory.startsWith('/'))
      yield { path: [...path, 'working_dir'], message: notAbsolute(directory) };
  }
};

/** Mounts whose target is not an absolute path, or is `/`. */
export const mountPaths: Rule = function* ({ services }) {
  for (const [name, { volumes = [], tmpfs = [] }] of Object.entries(services)) {
    const targets = [
      ...volumes.map(({ target }, index) => [['volumes', index], target] as const),
      ...tmpfs.map((entry, index) => [['tmpfs', index], entry.split(':')[0] ?? ''] as const),
    ];
    for (const [place, target] of targets) {
      const path = ['services', name, ...place];
      if (!target.startsWith('/')) yield { path, message: notAbsolute(target), ...driveHint(target) };
      else if (/^\/+$/.test(target)) yield { path, message: 'nothing can be mounted at "/"' };
    }
  }
};

const DRIVE = /^\p{L}:/u;

/** As in Docker Compose, a single letter before a colon is a Windows drive, not a volume. */
const driveHint = (target: string): { readonly hint?: string } =>
  DRIVE.test(target)
    ? { hint: 'A single letter before a colon is read as a drive: give the volume a longer name.' }
    : {};

function notAbsolute(path: string): string {
  const suggestion = DRIVE.test(path) ? '' : `, such as "/${path.replace(/^\.*\/*/, '')}"`;
  return `expected an absolute path in the container${suggestion}, got "${path}"`;
}

/** `deploy.resources` overrides the service's own keys; 0 means not set. */
function* memory(path: Path, service: ServiceConfig): Generator<Finding> {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const limit = said(['deploy', 'resources', 'limits', 'memory'], limits?.memory, ['mem_limit'], service.mem_limit);
  const reservation = said(
    ['deploy', 'resources', 'reservations', 'memory'],
    reservations?.memory,
    ['mem_reservation'],
    service.mem_reservation,
  );
  for (const { key, bytes } of [limit, reservation]) {
    if (bytes <= 0 || bytes >= LEAST_BYTES) continue;
    yield { path: [...path, ...key], message: `${shown(bytes)} is less than the engine's minimum of 6 MiB` };
  }
  if (limit.bytes > 0 && reservation.bytes > limit.bytes) {
    const message = `${shown(reservation.bytes)} is more than the limit of ${shown(limit.bytes)}`;
    yield { path: [...path, ...reservation.key], message };
  }
  const swap = Number(service.memswap_limit ?? 0);
  if (swap <= 0) return;
  const swapPath = [...path, 'memswap_limit'];
  if (limit.bytes <= 0) yield { path: swapPath, message: 'needs a memory limit', hint: 'Set mem_limit.' };
  else if (swap < limit.bytes) {
    const message = `${shown(swap)} of memory and swap together is less than the ${shown(limit.bytes)} of memory alone`;
    yield { path: swapPath, message };
  }
}

const shown = (bytes: number): string => prettyBytes(bytes, { binary: true });

function said(
  first: Path,
  deployed: string | undefined,
  second: Path,
  own: string | undefined,
): { readonly key: Path; readonly bytes: number } {
  return deployed === undefined ? { key: second, bytes: Number(own ?? 0) } : { key: first, bytes: Number(deployed) };
}

interface Bounds {
  readonly key: Path;
  readonly value: number | string | undefined;
  readonly least: number;
  readonly most?: number;
  /** Negative values mean unlimited. */
  readonly unlimited?: boolean;
}

/** A limit of 0 means not set. */
function* numbers(path: Path, service: ServiceConfig): Generator<Finding> {
  const { limits } = service.deploy?.resources ?? {};
  const under = ['deploy', 'resources', 'limits'];
  const bounds: readonly Bounds[] = [
    { key: ['mem_swappiness'], value: service.mem_swappiness, least: 0, most: 100, unlimited: true },
    { key: ['cpu_period'], value: service.cpu_period, least: 1000, most: 1_000_000, unlimited: true },
    { key: ['cpu_quota'], value: service.cpu_quota, least: 1000, unlimited: true },
    { key: ['cpu_shares'], value: service.cpu_shares, least: 1, most: MOST_SHARES },
    { key: ['cpus'], value: service.cpus, least: LEAST_CPUS },
    { key: [...under, 'cpus'], value: limits?.cpus, least: LEAST_CPUS },
    { key: ['pids_limit'], value: service.pids_limit, least: 1, most: MOST_PIDS, unlimited: true },
    { key: [...under, 'pids'], value: limits?.pids, least: 1, most: MOST_PIDS, unlimited: true },
    { key: ['shm_size'], value: service.shm_size, least: 1 },
  ];
  for (const { key, value: said, least, most = Number.MAX_SAFE_INTEGER, unlimited = false } of bounds) {
    const value = Number(said ?? 0);
    if (value === 0 || (unlimited && value < 0) || (value >= least && value <= most)) continue;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    yield {
      path: [...path, ...key],
      message: `expected ${value > most ? `${least} to ${most}` : range}, got ${value}`,
    };
  }
}

const LEAST_CPUS = 0.01;
/** The kernel's maximum for both. */
const MOST_SHARES = 262_144;
const MOST_PIDS = 4_194_304;

/** The soft limit must not exceed the hard limit; -1 means unlimited. */
function* ulimits(path: Path, { ulimits: said = {} }: ServiceConfig): Generator<Finding> {
  for (const [name, limit] of Object.entries(said)) {
    const { soft = 0, hard = 0 } = typeof limit === 'object' ? limit : { soft: limit, hard: limit };
    for (const value of new Set([soft, hard]))
      if (value < -1 || value > Number.MAX_SAFE_INTEGER)
        yield { path: [...path, 'ulimits', name], message: `expected -1 to ${Number.MAX_SAFE_INTEGER}, got ${value}` };
    if (hard !== -1 && (soft > hard || soft === -1))
      yield { path: [...path, 'ulimits', name], message: `soft is ${soft}, which is more than hard, ${hard}` };
  }
}
