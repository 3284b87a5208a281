import type { ContainerSummary, LogOptions } from '../model/container.ts';
import type { ReplicaLogLine } from '../model/results.ts';
import type { CommandContext } from './context.ts';
import { nameOf, readLog, unreadable } from './read-log.ts';

/** How often a followed log looks for replicas that came after it began. */
const LOOK_AGAIN_MS = 500;
/** Longest pause before a log that broke off is read again. */
const MOST_PAUSE_MS = 30_000;

/** What is known of one container whose log is followed. */
interface Followed {
  reading: boolean;
  /** Where it is read from: one that the engine restarts is read on after its last line. */
  from: Pick<LogOptions, 'tail' | 'sinceMs'>;
  /** It was said that the log cannot be read, and it is not tried again. */
  given: boolean;
  /** How often in a row the log ended without a line, though the container ran on. */
  empty: number;
  /** It is not read again before this time. */
  notBeforeMs: number;
}

/**
 * Prints lines as they come, also of replicas that start later, until the signal aborts. A log that cannot be read is
 * told once, and does not keep the others from being followed.
 *
 * @param list gives the replicas that are there now
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
  // A replica that comes later is shown from its first line.
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
  // It ended, or ended and runs again: its log has ended with it.
  if (now?.state !== 'running' || now.startedAtMs !== startedAtMs) {
    one.empty = 0;
    return;
  }
  one.empty = lines > 0 ? 0 : one.empty + 1;
  if (one.empty === 1)
    warn(
      context,
      `The log of ${nameOf(replica)} broke off, though it runs. lobbie tries again: docker logs ${replica.name} may say more.`,
    );
  one.notBeforeMs = clock.now() + Math.min(MOST_PAUSE_MS, LOOK_AGAIN_MS * 2 ** one.empty);
}

const warn = ({ report, clock }: CommandContext, message: string): void =>
  report({ type: 'warning', timeMs: clock.now(), message: message.trim() });
