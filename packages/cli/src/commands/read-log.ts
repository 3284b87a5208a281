import type { ContainerSummary, LogOptions } from '../model/container.ts';
import { LobbieError } from '../model/errors.ts';
import type { ReplicaLogLine } from '../model/results.ts';
import { replicaName } from '../model/service.ts';
import { keepsNoLog } from '../rollout/gate/last-log.ts';
import { toReplica } from '../rollout/observe/observe.ts';
import type { CommandContext } from './context.ts';

/** `api-1` */
export const nameOf = (summary: ContainerSummary): string => replicaName(toReplica(summary).replica);

/** Prints the lines of one replica as they come. */
export async function readLog(
  { engine, signal }: CommandContext,
  summary: ContainerSummary,
  options: Omit<LogOptions, 'signal'>,
  print: (line: ReplicaLogLine) => void,
): Promise<void> {
  const replica = nameOf(summary);
  for await (const { timeMs, stream, text } of engine.logs(summary.id, { ...options, signal }))
    print({ replica, timeMs, stream, text });
}

/**
 * Why the log of a replica cannot be read, as an error with the next step: its logging driver stores no logs, or the
 * engine's answer. Undefined if the container is gone and there is no log to read.
 *
 * @throws any other error, such as an unreachable engine
 */
export async function unreadable(
  { engine }: CommandContext,
  summary: ContainerSummary,
  error: unknown,
): Promise<LobbieError | undefined> {
  if (!(error instanceof LobbieError) || error.code !== 'ENGINE_ERROR') throw error;
  if ((await engine.inspectContainer(summary.id)) === undefined) return undefined;
  const name = nameOf(summary);
  const { service } = toReplica(summary).replica;
  if (keepsNoLog(error))
    return new LobbieError(
      'ENGINE_ERROR',
      `The log of ${name} cannot be read: its logging driver does not store logs.`,
      {
        hint: `Set another logging.driver for service ${service}, such as json-file or local, and deploy.`,
      },
    );
  return new LobbieError('ENGINE_ERROR', `The log of ${name} cannot be read: ${error.message}`, {
    details: error.details,
    hint: `To see the error: docker logs ${summary.name}`,
  });
}
