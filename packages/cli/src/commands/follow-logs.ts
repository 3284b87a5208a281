import type { ContainerSummary, LogOptions } from '../model/container.ts';
import type { ReplicaLogLine } from '../model/results.ts';
import type { CommandContext } from './context.ts';
import { nameOf, readLog, unreadable } from './read-log.ts';

/** How often `--follow` looks for new replicas. */
const LOOK_AGAIN_MS = 500;
/** The longest pause before a log that broke off is read again. */
const MOST_PAUSE_MS = 30_000;

/** The state of one container whose log is followed. */
interface Followed {
  reading: boolean;
  /** Where reading starts. After a restart of the container it is the last line that was printed. */
  from: Pick<LogOptions, 'tail' | 'sinceMs'>;
  /** The user was told that the log cannot be read; it is not tried again. */
  given: boolean;
  /** How many times in a row the log ended without a line although the container was running. */
  empty: number;
  /** The earliest time at which to read it again. */
  notBeforeMs: number;
}

/**
 * Prints lines as they come until the signal aborts, including those of replicas that start later. For a log that
 * cannot be read, prints one warning and continues with the others.
 *
 * @param list lists the replicas that exist now
 */
export async function followLogs(
  context: CommandContext,
  list: () => Promise<readonly ContainerSummary[]>,
  options: Pick<LogOptions, 'tail' | 'sinceMs'>,
  print: (line: ReplicaLogLine, replicas: readonly ContainerSummary[]) => void,
): Promise<void> {
  const { signal, clock } = context;
  const known = new Map<string, Followed>();
  const reading: Promise<void>[] = [];
  let failed: unknown;
  // A replica that appears later is shown from its first line.
  for (let first = options; !signal.aborted && failed === undefined; first = {}) {
    const replicas = await list();
    for (const replica of replicas) {
      const before = known.get(replica.id);
      if (before !== undefined && !mayReadAgain(before, replica, clock.now())) continue;
      const one = before ?? { reading: true, from: first, given: false, empty: 0, notBeforeMs: 0 };
      one.reading = true;
      known.set(replica.id, one);
      const ended = followOne(context, replica, one, (line) => print(line, replicas));
      reading.push(
        ended.catch((error: unknown) => {
          failed ??= error;
        }),
      );
    }
    await clock.sleep(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
  if (failed !== undefined && !signal.aborted) throw failed;
  await Promise.all(reading);
}

const mayReadAgain = ({ reading, given, notBeforeMs }: Followed, { state }: ContainerSummary, nowMs: number): boolean =>
  !reading && !given && state === 'running' && nowMs >= notBeforeMs;

async function followOne(
  context: CommandContext,
  replica: ContainerSummary,
  one: Followed,
  print: (line: ReplicaLogLine) => void,
): Promise<void> {
  const { engine, signal, clock } = context;
  const startedAtMs = (await engine.inspectContainer(replica.id))?.startedAtMs;
  let lines = 0;
  try {
    await readLog(context, replica, { follow: true, ...one.from }, (line) => {
      lines += 1;
      one.from = { sinceMs: line.timeMs + 1 };
      print(line);
    });
  } catch (error) {
    if (signal.aborted) return;
    const why = await unreadable(context, replica, error);
    one.given = true;
    if (why !== undefined) warn(context, `${why.message} ${why.hint ?? ''}`);
  }
  one.reading = false;
  if (signal.aborted || one.given) return;
  const now = await engine.inspectContainer(replica.id);
  // The container ended, or ended and was started again, so its log ended too.
  if (now?.state !== 'running' || now.startedAtMs !== startedAtMs) {
    one.empty = 0;
    return;
  }
  one.empty = lines > 0 ? 0 : one.empty + 1;
  if (one.empty === 1)
    warn(
      context,
      `The log of ${nameOf(replica)} broke off although the replica is running. Trying again. To see more: docker logs ${replica.name}`,
    );
  one.notBeforeMs = clock.now() + Math.min(MOST_PAUSE_MS, LOOK_AGAIN_MS * 2 ** one.empty);
}

const warn = ({ report, clock }: CommandContext, message: string): void =>
  report({ type: 'warning', timeMs: clock.now(), message: message.trim() });
