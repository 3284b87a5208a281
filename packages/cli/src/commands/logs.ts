import type { Ledger } from '../ledger/ledger.ts';
import { ownContainers } from '../ledger/own-containers.ts';
import type { ContainerSummary } from '../model/container.ts';
import { LobbieError } from '../model/errors.ts';
import { LABEL } from '../model/names.ts';
import type { ReplicaLogLine } from '../model/results.ts';
import { toReplica } from '../rollout/observe/observe.ts';
import { findAndTell } from '../rollout/observe/project-containers.ts';
import type { CommandContext } from './context.ts';
import { followLogs } from './follow-logs.ts';
import { readLedger } from './read-ledger.ts';
import { nameOf, readLog, unreadable } from './read-log.ts';

export interface LogsOptions {
  /** Services, or replicas such as `api-2`; none means all. */
  readonly services: readonly string[];
  readonly follow: boolean;
  /** Last lines of each replica. */
  readonly tail?: number;
  readonly sinceMs?: number;
  /** Cannot be combined with `follow`. */
  readonly untilMs?: number;
}

/**
 * Prints the lines of all replicas, merged by time. With `follow`, prints them as they come, including those of
 * replicas that start later. If the log of a replica cannot be read, prints a warning and shows the others.
 *
 * @throws LobbieError `USAGE` if a service does not exist; `ENGINE_ERROR` if none of the logs can be read
 */
export async function logs(
  context: CommandContext,
  { services, follow, ...options }: LogsOptions,
  print: (line: ReplicaLogLine, nameWidth: number) => void,
): Promise<void> {
  const [all] = await Promise.all([
    listReplicas(context),
    ledgerOf(context).then((ledger) => findAndTell(context, context.projectName, ledger)),
  ]);
  checkNamed(context.projectName, all, services);
  const meant = (replicas: readonly ContainerSummary[]) => replicas.filter((one) => isMeant(one, services));
  if (follow) {
    const list = async () => meant(await listReplicas(context));
    await followLogs(context, list, options, (line, replicas) => print(line, widthOf(replicas)));
    return;
  }
  const replicas = meant(all);
  const width = widthOf(replicas);
  const read = await Promise.all(replicas.map((replica) => collect(context, replica, options)));
  const refused = read.flatMap(({ why }) => why ?? []);
  const [first] = refused;
  if (first !== undefined && refused.length === replicas.length) throw first;
  for (const { message, hint } of refused)
    context.report({ type: 'warning', timeMs: context.clock.now(), message: `${message} ${hint ?? ''}`.trim() });
  for (const line of read.flatMap(({ lines }) => lines).toSorted((a, b) => a.timeMs - b.timeMs)) print(line, width);
}

/** Logs are needed most when something is broken: a ledger that cannot be read is only a warning. */
async function ledgerOf(context: CommandContext): Promise<Ledger | undefined> {
  try {
    return (await readLedger(context)).ledger;
  } catch (error) {
    if (!(error instanceof LobbieError) || error.code === 'ENGINE_UNREACHABLE') throw error;
    const message = `${error.message} Secrets that only the ledger knows are not masked in these logs.`;
    context.report({ type: 'warning', timeMs: context.clock.now(), message });
    return undefined;
  }
}

async function collect(
  context: CommandContext,
  replica: ContainerSummary,
  { tail, sinceMs, untilMs }: Omit<LogsOptions, 'services' | 'follow'>,
): Promise<{ readonly lines: readonly ReplicaLogLine[]; readonly why?: LobbieError | undefined }> {
  const lines: ReplicaLogLine[] = [];
  const options = {
    follow: false,
    ...(tail !== undefined && { tail }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  };
  try {
    await readLog(context, replica, options, (line) => lines.push(line));
    return { lines };
  } catch (error) {
    return { lines, why: await unreadable(context, replica, error) };
  }
}

const listReplicas = ({ engine, projectName }: CommandContext): Promise<readonly ContainerSummary[]> =>
  ownContainers(engine, projectName, { [LABEL.role]: 'replica' });

const isMeant = (summary: ContainerSummary, services: readonly string[]): boolean =>
  services.length === 0 || services.includes(serviceOf(summary)) || services.includes(nameOf(summary));

const serviceOf = (summary: ContainerSummary): string => toReplica(summary).replica.service;

const widthOf = (replicas: readonly ContainerSummary[]): number =>
  Math.max(0, ...replicas.map((summary) => nameOf(summary).length));

function checkNamed(project: string, replicas: readonly ContainerSummary[], named: readonly string[]): void {
  if (replicas.length === 0)
    throw new LobbieError('NOT_DEPLOYED', `Project ${project} is not deployed, so it has no logs.`, {
      hint: 'Run `lobbie deploy` first.',
    });
  const unknown = named.find((name) => !replicas.some((one) => isMeant(one, [name])));
  if (unknown === undefined) return;
  const services = [...new Set(replicas.map(serviceOf))].toSorted();
  throw new LobbieError('USAGE', `Project ${project} has no service "${unknown}".`, {
    hint: `Its services: ${services.join(', ')}.`,
  });
}
