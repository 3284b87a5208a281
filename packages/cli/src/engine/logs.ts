import type { LogEntry, LogOptions } from '../model/container.ts';
import type { Connection } from './connection.ts';
import { containerOf } from './containers.ts';
import { engineError } from './engine-error.ts';
import { logLines } from './log-lines.ts';

/** `Engine.logs`. */
export async function* logs(connection: Connection, container: string, options: LogOptions): AsyncGenerator<LogEntry> {
  const doing = `read the logs of container "${container}"`;
  const { signal } = options;
  try {
    const _query = {
      stdout: true,
      stderr: true,
      timestamps: true,
      follow: options.follow ?? false,
      tail: options.tail ?? 'all',
      since: options.sinceMs === undefined ? undefined : (options.sinceMs / 1000).toFixed(3),
      until: options.untilMs === undefined ? undefined : (options.untilMs / 1000).toFixed(3),
    };
    // With `follow`, dockerode returns a stream. Without it, dockerode would hold the whole log in memory.
    const asked = { _query, follow: true as const, ...(signal && { abortSignal: signal }) };
    const stream = await connection.stream(doing, containerOf(connection, container).logs(asked), signal);
    try {
      const lines = logLines();
      for await (const chunk of stream) yield* lines.feed(chunk);
      yield* lines.end();
    } finally {
      stream.destroy();
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw engineError(error, doing, connection.endpoint);
  }
}
