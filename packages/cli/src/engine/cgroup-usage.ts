import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../model/clock.ts';

/** How much a container has used so far. A value that cannot be read is absent. */
export interface Usage {
  /** When it was read. Only the difference of two such times means anything. */
  readonly timeMs: number;
  readonly cpuNs?: number;
  readonly memoryBytes?: number;
}

/**
 * Reads a container's use from its cgroup (v1, v2, or both), as the engine itself does. `pid` is the container's main
 * process. Undefined if this machine's kernel does not run the container: the path of the cgroup must contain its id.
 * Without a memory controller, only the CPU can be read.
 */
export async function cgroupUsage(
  clock: Pick<Clock, 'monotonicMs'>,
  containerId: string,
  pid: number,
  root = '/',
): Promise<Usage | undefined> {
  const read = (...parts: string[]): Promise<string | undefined> =>
    // It does not exist, cannot be read, or has been removed meanwhile.
    readFile(join(root, ...parts), 'utf8').catch(() => undefined);
  const paths = cgroupPaths((await read('proc', String(pid), 'cgroup')) ?? '');
  const own = (controller: string): string | undefined => {
    const path = paths.get(controller);
    return path?.includes(containerId) ? path : undefined;
  };
  const timeMs = clock.monotonicMs();
  const [cpuNs, memoryBytes] = await Promise.all([
    cpuOf(own('cpuacct'), own(''), read),
    memoryOf(own('memory'), own(''), read),
  ]);
  if (cpuNs === undefined && memoryBytes === undefined) return undefined;
  return { timeMs, ...(cpuNs !== undefined && { cpuNs }), ...(memoryBytes !== undefined && { memoryBytes }) };
}

type Read = (...parts: string[]) => Promise<string | undefined>;

/** Where v2 is mounted: alone, or beside v1. */
const UNIFIED = ['sys/fs/cgroup', 'sys/fs/cgroup/unified'];

async function cpuOf(v1: string | undefined, v2: string | undefined, read: Read): Promise<number | undefined> {
  const v1Ns = v1 === undefined ? undefined : figure(await read('sys/fs/cgroup/cpuacct', v1, 'cpuacct.usage'));
  if (v1Ns !== undefined) return v1Ns;
  for (const mount of v2 === undefined ? [] : UNIFIED) {
    const us = field(await read(mount, v2 ?? '', 'cpu.stat'), 'usage_usec');
    if (us !== undefined) return us * 1000;
  }
  return undefined;
}

async function memoryOf(v1: string | undefined, v2: string | undefined, read: Read): Promise<number | undefined> {
  if (v1 !== undefined) {
    const directory = 'sys/fs/cgroup/memory';
    const usage = figure(await read(directory, v1, 'memory.usage_in_bytes'));
    if (usage !== undefined)
      return withoutCache(usage, field(await read(directory, v1, 'memory.stat'), 'total_inactive_file'));
  }
  for (const mount of v2 === undefined ? [] : UNIFIED) {
    const usage = figure(await read(mount, v2 ?? '', 'memory.current'));
    if (usage !== undefined)
      return withoutCache(usage, field(await read(mount, v2 ?? '', 'memory.stat'), 'inactive_file'));
  }
  return undefined;
}

/** Lines are `4:memory:/path` (v1, several controllers split by commas) and `0::/path` (v2, under the empty name). */
function cgroupPaths(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    for (const controller of match?.[1]?.split(',') ?? []) paths.set(controller, match?.[2] ?? '');
  }
  return paths;
}

/** The content of a file as a number. */
function figure(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** One value from a file with a name and a number on each line. */
const field = (text: string | undefined, name: string): number | undefined =>
  figure(
    text
      ?.split('\n')
      .map((line) => line.split(' '))
      .find(([key]) => key === name)?.[1],
  );

const withoutCache = (usage: number, cache = 0): number => Math.max(0, usage - cache);
