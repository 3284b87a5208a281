import type { ContainerStats } from '../model/engine.ts';
import type { Connection } from './connection.ts';

/** Between the two samples that the use of CPU is told from. */
const SAMPLE_MS = 100;

/** `Engine.stats`. */
export async function stats(connection: Connection, container: string): Promise<ContainerStats | undefined> {
  const first = await sample(connection, container);
  if (!first?.memoryBytes) return undefined;
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  const second = await sample(connection, container);
  if (!second?.memoryBytes) return undefined;
  const elapsedNs = (second.readMs - first.readMs) * 1e6;
  return {
    memoryBytes: second.memoryBytes,
    cpuCores: elapsedNs > 0 ? Math.max(0, (second.cpuNs - first.cpuNs) / elapsedNs) : 0,
  };
}

async function sample(connection: Connection, container: string) {
  const answer = await connection.find<WireStats>({
    doing: `read the statistics of container "${container}"`,
    path: `/containers/${encodeURIComponent(container)}/stats`,
    query: { stream: false, 'one-shot': true },
  });
  return (
    answer && {
      readMs: Date.parse(answer.read),
      cpuNs: answer.cpu_stats?.cpu_usage?.total_usage ?? 0,
      memoryBytes: memoryInUse(answer.memory_stats ?? {}),
    }
  );
}

/** As `docker stats` shows it: without the page cache that can be dropped (cgroup v1 and v2 name it differently). */
export function memoryInUse({ usage, stats: parts }: WireMemory): number | undefined {
  if (usage === undefined) return undefined;
  const cache = parts?.total_inactive_file ?? parts?.inactive_file ?? 0;
  return cache < usage ? usage - cache : usage;
}

interface WireMemory {
  readonly usage?: number;
  readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number };
}

interface WireStats {
  readonly read: string;
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: WireMemory;
}
