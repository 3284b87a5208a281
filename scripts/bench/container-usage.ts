import { askEngine } from '../engine-request.ts';
import type { Bench } from './bench.ts';

/** What the engine reads from the control group of a container, without a process inside of it. */
export interface ContainerUsage {
  readonly cpuNs: number;
  /** Memory that belongs to the processes alone; undefined if the engine does not measure it. */
  readonly anonymousBytes: number | undefined;
}

/** Undefined if the engine does not measure CPU time. */
export async function containerUsage({ engine }: Bench, container: string): Promise<ContainerUsage | undefined> {
  const path = `/v1.41/containers/${container}/stats?stream=false&one-shot=true`;
  const stats: Stats = JSON.parse(await askEngine(engine.endpoint.url, { path }));
  const cpuNs = stats.cpu_stats.cpu_usage?.total_usage ?? 0;
  // Control groups call it `anon` in version 2 and `total_rss` in version 1.
  const { anon, total_rss } = stats.memory_stats.stats ?? {};
  return cpuNs === 0 ? undefined : { cpuNs, anonymousBytes: anon ?? total_rss };
}

interface Stats {
  readonly cpu_stats: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats: { readonly stats?: { readonly anon?: number; readonly total_rss?: number } };
}
