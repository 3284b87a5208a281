import type { ContainerStats } from '../model/container.ts';
import { cgroupUsage, type Usage } from './cgroup-usage.ts';
import type { Connection } from './connection.ts';
import type { InspectedContainer } from './container-answer.ts';
import { containerOf } from './containers.ts';
import { NO_CGROUPS } from './info.ts';

/** Time between the two samples from which the CPU use is computed. */
const SAMPLE_MS = 100;

/**
 * `Engine.stats`. If the engine runs on this machine, reads the container's cgroup, because Engine 20.10 takes up to a
 * second for each sample, even a one-shot one. Otherwise asks the engine.
 */
export async function stats(connection: Connection, container: string): Promise<ContainerStats | undefined> {
  const usage =
    (connection.endpoint.local && (await ownUsage(connection, container))) || (() => askUsage(connection, container));
  const first = await usage();
  if (!first) return undefined;
  await connection.clock.sleep(SAMPLE_MS);
  const second = await usage();
  if (!second) return undefined;
  const cpuCores = coresBetween(first, second);
  return {
    ...(second.memoryBytes !== undefined && { memoryBytes: second.memoryBytes }),
    ...(cpuCores !== undefined && { cpuCores }),
  };
}

function coresBetween(first: Usage, second: Usage): number | undefined {
  if (first.cpuNs === undefined || second.cpuNs === undefined) return undefined;
  const elapsedNs = (second.timeMs - first.timeMs) * 1e6;
  return elapsedNs > 0 ? Math.max(0, (second.cpuNs - first.cpuNs) / elapsedNs) : 0;
}

/** A function that reads the use without the engine; undefined if that is not possible. */
async function ownUsage(
  connection: Connection,
  container: string,
): Promise<(() => Promise<Usage | undefined>) | undefined> {
  const answer = containerOf(connection, container).inspect();
  const inspected = await connection.find<InspectedContainer>(`inspect container "${container}"`, answer);
  const pid = inspected?.State.Pid;
  if (!inspected || !pid) return undefined;
  const usage = () => cgroupUsage(connection.clock, inspected.Id, pid);
  return (await usage()) && usage;
}

async function askUsage(connection: Connection, container: string): Promise<Usage | undefined> {
  const { CgroupDriver } = await connection.ask<{ CgroupDriver?: string }>(
    'ask for its cgroup driver',
    connection.docker.info(),
  );
  // If containers have no cgroups of their own, the engine reports the use of all of them together for each.
  if (CgroupDriver === NO_CGROUPS) return undefined;
  const answer = containerOf(connection, container).stats({ stream: false, 'one-shot': true });
  const found = await connection.find<WireStats>(`read the statistics of container "${container}"`, answer);
  return found && usageOf(found);
}

/**
 * The use in an answer of the engine. 0 means unknown, because a running container has used some of both, and an engine
 * answers 0 if the cgroup has no such controller. Undefined if both are unknown, as for a container that does not run.
 */
export function usageOf({ read, cpu_stats, memory_stats = {} }: WireStats): Usage | undefined {
  const cpuNs = cpu_stats?.cpu_usage?.total_usage || undefined;
  const memoryBytes = memoryInUse(memory_stats) || undefined;
  if (cpuNs === undefined && memoryBytes === undefined) return undefined;
  return {
    timeMs: Date.parse(read),
    ...(cpuNs !== undefined && { cpuNs }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
}

/**
 * The memory as `docker stats` shows it: without the page cache that can be dropped. cgroup v1 and v2 use different
 * names for it.
 */
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
