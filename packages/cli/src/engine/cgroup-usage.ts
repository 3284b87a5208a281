import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a container has used by now. */
export interface Usage {
  readonly timeMs: number;
  readonly cpuNs: number;
  readonly memoryBytes: number;
}

/**
 * Reads a container's use straight from its cgroup (v1 or v2), the figures that the engine itself reads. `pid` is the
 * container's main process. Undefined unless this machine's kernel runs the container: the cgroup has to carry its id.
 */
export async function cgroupUsage(containerId: string, pid: number, root = '/'): Promise<Usage | undefined> {
  const read = (...parts: string[]): Promise<string> => readFile(join(root, ...parts), 'utf8');
  try {
    const paths = cgroupPaths(await read('proc', String(pid), 'cgroup'));
    const cpu = paths.get('cpuacct') ?? paths.get('') ?? '';
    const memory = paths.get('memory') ?? paths.get('') ?? '';
    if (!cpu.includes(containerId) || !memory.includes(containerId)) return undefined;
    const timeMs = performance.timeOrigin + performance.now();
    if (paths.has('memory')) {
      return {
        timeMs,
        cpuNs: Number(await read('sys/fs/cgroup/cpuacct', cpu, 'cpuacct.usage')),
        memoryBytes: withoutCache(
          await read('sys/fs/cgroup/memory', memory, 'memory.usage_in_bytes'),
          field(await read('sys/fs/cgroup/memory', memory, 'memory.stat'), 'total_inactive_file'),
        ),
      };
    }
    return {
      timeMs,
      cpuNs: field(await read('sys/fs/cgroup', cpu, 'cpu.stat'), 'usage_usec') * 1000,
      memoryBytes: withoutCache(
        await read('sys/fs/cgroup', memory, 'memory.current'),
        field(await read('sys/fs/cgroup', memory, 'memory.stat'), 'inactive_file'),
      ),
    };
  } catch {
    // Not there, not readable, or gone meanwhile: the engine can still be asked.
    return undefined;
  }
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

/** One figure of a file with a name and a number a line. */
function field(text: string, name: string): number {
  const figures = text.split('\n').map((line) => line.split(' '));
  return Number(figures.find(([key]) => key === name)?.[1] ?? 0);
}

const withoutCache = (usage: string, cache: number): number => Math.max(0, Number(usage) - cache);
