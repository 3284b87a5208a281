import { ownContainers } from '../ledger/own-containers.ts';
import type { ContainerSummary } from '../model/container.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { ReplicaLogLine } from '../model/results.ts';
import { replicaName } from '../model/service.ts';
import { findAndTell } from '../rollout/find-and-tell.ts';
import { toReplica } from '../rollout/observe.ts';
import type { CommandContext } from './context.ts';

export interface LogsOptions {
  readonly service?: string;
  readonly follow: boolean;
  /** Last lines of each replica. */
  readonly tail?: number;
  readonly sinceMs?: number;
}

/** How often a followed log looks for replicas that came after it began. */
const LOOK_AGAIN_MS = 500;

/** The lines of all replicas: merged by time, and while following as they come, also of replicas that start later. */
export async function logs(
  context: CommandContext,
  options: LogsOptions,
  print: (line: ReplicaLogLine, nameWidth: number) => void,
): Promise<void> {
  const [replicas] = await Promise.all([
    listReplicas(context, options.service),
    findAndTell(context, context.projectName),
  ]);
  if (replicas.length === 0) throw await noReplica(context, options.service);
  if (options.follow) return follow(context, options, print);
  const width = widthOf(replicas);
  const lines = await Promise.all(replicas.map((replica) => collect(context, replica, options)));
  for (const line of lines.flat().toSorted((a, b) => a.timeMs - b.timeMs)) print(line, width);
}

async function follow(
  context: CommandContext,
  options: LogsOptions,
  print: (line: ReplicaLogLine, nameWidth: number) => void,
): Promise<void> {
  const { signal, clock } = context;
  const followed = new Set<string>();
  /** Time of the last line, by container: one that the engine restarts is read on from there. */
  const last = new Map<string, number>();
  const reading: Promise<void>[] = [];
  // A replica that comes later is shown from its first line.
  for (let own: LogsOptions = options; !signal.aborted; own = { follow: true }) {
    const replicas = await listReplicas(context, options.service);
    const width = widthOf(replicas);
    for (const replica of replicas.filter(
      ({ id, state }) => !followed.has(id) && (state === 'running' || !last.has(id)),
    )) {
      const { id } = replica;
      const before = last.get(id);
      followed.add(id);
      last.set(id, before ?? 0);
      const show = (line: ReplicaLogLine): void => {
        last.set(id, line.timeMs);
        print(line, width);
      };
      const from = before === undefined ? own : { follow: true, sinceMs: before + 1 };
      reading.push(
        read(context, replica, from, show)
          .catch(() => undefined)
          .then(() => void followed.delete(id)),
      );
    }
    await clock.sleep(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
  await Promise.all(reading);
}

async function collect(
  context: CommandContext,
  replica: ContainerSummary,
  options: LogsOptions,
): Promise<ReplicaLogLine[]> {
  const lines: ReplicaLogLine[] = [];
  await read(context, replica, options, (line) => lines.push(line));
  return lines;
}

async function read(
  { engine, signal }: CommandContext,
  summary: ContainerSummary,
  { follow, tail, sinceMs }: LogsOptions,
  print: (line: ReplicaLogLine) => void,
): Promise<void> {
  const replica = replicaName(toReplica(summary).replica);
  const options = { follow, signal, ...(tail !== undefined && { tail }), ...(sinceMs !== undefined && { sinceMs }) };
  for await (const { timeMs, stream, text } of engine.logs(summary.id, options))
    print({ replica, timeMs, stream, text });
}

async function listReplicas(
  { engine, projectName }: CommandContext,
  service: string | undefined,
): Promise<readonly ContainerSummary[]> {
  const labels = { [LABEL.role]: 'replica', ...(service !== undefined && { [LABEL.service]: service }) };
  return ownContainers(engine, projectName, labels);
}

const widthOf = (replicas: readonly ContainerSummary[]): number =>
  Math.max(0, ...replicas.map((summary) => replicaName(toReplica(summary).replica).length));

async function noReplica(context: CommandContext, service: string | undefined): Promise<LobbieError> {
  const { projectName } = context;
  const others = service === undefined ? [] : await listReplicas(context, undefined);
  if (others.length === 0) {
    return new LobbieError('NOT_DEPLOYED', `Project ${projectName} is not deployed, so it has no logs.`, {
      hint: 'Run `lobbie deploy` first.',
    });
  }
  const services = [...new Set(others.map((summary) => toReplica(summary).replica.service))].toSorted();
  return new LobbieError('USAGE', `Project ${projectName} has no service "${service}".`, {
    hint: `Its services: ${services.join(', ')}.`,
  });
}
