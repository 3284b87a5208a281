import type { Duplex } from 'node:stream';
import type { ExecOptions, ExecResult } from '../model/container.ts';
import { timerMs } from '../model/timer-ms.ts';
import type { Connection } from './connection.ts';
import { demultiplexer } from './demultiplex.ts';
import { engineError, interruption, refusal } from './engine-error.ts';
import { hijackedStream } from './hijacked-stream.ts';

/** How `timeout(1)` says that the time was up. */
const TIMED_OUT = 124;
const OUTPUT_LIMIT = 64 * 1024;

/** `Engine.exec`. */
export async function exec(
  connection: Connection,
  container: string,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const doing = `run ${argv[0]} in container "${container}"`;
  if (options.signal?.aborted) throw interruption(options.signal, doing);
  const timeout = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(timerMs(options.timeoutMs));
  const either = [options.signal, timeout].filter((signal) => signal !== undefined);
  const signal = either.length > 0 ? AbortSignal.any(either) : undefined;
  const output = lastBytes(options.mostBytes ?? OUTPUT_LIMIT);
  try {
    const id = await createExec(connection, container, argv, doing, { stdin: false, user: options.user });
    const stream = await connection.stream({
      doing,
      method: 'POST',
      path: `/exec/${id}/start`,
      body: { Detach: false, Tty: false },
      ...(signal && { signal }),
    });
    const feed = demultiplexer((_stream, payload) => output.add(payload));
    for await (const chunk of stream) feed(chunk);
    return { exitCode: await exitCode(connection, id, doing), output: output.text() };
  } catch (error) {
    if (options.signal?.aborted) throw interruption(options.signal, doing);
    if (timeout?.aborted) return { exitCode: TIMED_OUT, output: output.text() };
    throw engineError(error, doing, connection.endpoint);
  }
}

/** How the engine begins, on stdout, when it has taken the connection over and cannot run the program. */
const NOT_RUN = 'OCI runtime exec failed: ';

/** `Engine.openExec`. */
export async function openExec(
  connection: Connection,
  container: string,
  argv: readonly string[],
  heard?: (stderr: Buffer) => void,
): Promise<Duplex> {
  const doing = `run ${argv[0]} in container "${container}"`;
  const id = await createExec(connection, container, argv, doing, { stdin: true });
  const hijacked = await connection.hijack({
    doing,
    method: 'POST',
    path: `/exec/${id}/start`,
    body: { Detach: false, Tty: false },
  });
  return hijackedStream(hijacked, (error) => engineError(error, doing, connection.endpoint), {
    ...(heard && { heard }),
    refusedBy: (first) => {
      const words = first.subarray(0, OUTPUT_LIMIT).toString();
      return words.startsWith(NOT_RUN) ? refusal(words.slice(NOT_RUN.length).trim(), doing) : undefined;
    },
  });
}

async function createExec(
  connection: Connection,
  container: string,
  argv: readonly string[],
  doing: string,
  options: { stdin: boolean; user?: string | undefined },
): Promise<string> {
  const { Id } = await connection.json<{ Id: string }>({
    doing,
    method: 'POST',
    path: `/containers/${encodeURIComponent(container)}/exec`,
    body: {
      Cmd: argv,
      AttachStdin: options.stdin,
      AttachStdout: true,
      AttachStderr: true,
      ...(options.user !== undefined && { User: options.user }),
    },
  });
  return Id;
}

/** The output can end a moment before the engine has noted the exit; it says `Running` until then. */
async function exitCode(connection: Connection, id: string, doing: string): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await connection.json<{ Running: boolean; ExitCode: number | null }>({
      doing,
      path: `/exec/${id}/json`,
    });
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Keeps the last bytes of what it is given. */
function lastBytes(limit: number): { add(chunk: Buffer): void; text(): string } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      while (size - (chunks[0]?.length ?? size) >= limit) size -= chunks.shift()?.length ?? 0;
    },
    text: () => Buffer.concat(chunks).subarray(-limit).toString(),
  };
}
