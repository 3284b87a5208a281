import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import type { ExecOptions, ExecResult } from '../model/container.ts';
import type { Connection } from './connection.ts';
import { containerOf } from './containers.ts';
import { demultiplexer } from './demultiplex.ts';
import { engineError, interruption, refusal } from './engine-error.ts';
import { hijackedStream } from './hijacked-stream.ts';

/** The exit status of `timeout(1)` after its time limit. */
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
  const timeout = options.timeoutMs === undefined ? undefined : connection.clock.timeout(options.timeoutMs);
  const either = [options.signal, timeout].filter((signal) => signal !== undefined);
  const signal = either.length > 0 ? AbortSignal.any(either) : undefined;
  const output = lastBytes(options.mostBytes ?? OUTPUT_LIMIT);
  try {
    const program = await createExec(connection, container, argv, doing, { stdin: false, user: options.user });
    const started = program.start({ Detach: false, Tty: false, ...(signal && { abortSignal: signal }) });
    const stream = await connection.stream(doing, started, signal);
    const feed = demultiplexer((_stream, payload) => output.add(payload));
    for await (const chunk of stream) feed(chunk);
    return { exitCode: await exitCode(connection, program, doing), output: output.text() };
  } catch (error) {
    if (options.signal?.aborted) throw interruption(options.signal, doing);
    if (timeout?.aborted) return { exitCode: TIMED_OUT, output: output.text() };
    throw engineError(error, doing, connection.endpoint);
  }
}

/** The start of the engine's message on stdout if it has taken over the connection but cannot run the program. */
const NOT_RUN = 'OCI runtime exec failed: ';

/** `Engine.openExec`. */
export async function openExec(
  connection: Connection,
  container: string,
  argv: readonly string[],
  heard?: (stderr: Buffer) => void,
): Promise<Duplex> {
  const doing = `run ${argv[0]} in container "${container}"`;
  const program = await createExec(connection, container, argv, doing, { stdin: true });
  const started = program.start({ hijack: true, stdin: true, Detach: false, Tty: false });
  const hijacked = await connection.ask<Duplex>(doing, started);
  return hijackedStream(hijacked, (error) => engineError(error, doing, connection.endpoint), {
    ...(heard && { heard }),
    refusedBy: (first) => {
      const words = first.subarray(0, OUTPUT_LIMIT).toString();
      return words.startsWith(NOT_RUN) ? refusal(words.slice(NOT_RUN.length).trim(), doing) : undefined;
    },
  });
}

function createExec(
  connection: Connection,
  container: string,
  argv: readonly string[],
  doing: string,
  options: { stdin: boolean; user?: string | undefined },
): Promise<Dockerode.Exec> {
  const created = containerOf(connection, container).exec({
    Cmd: [...argv],
    AttachStdin: options.stdin,
    AttachStdout: true,
    AttachStderr: true,
    User: options.user,
  });
  return connection.ask(doing, created);
}

/** The output can end shortly before the engine records the exit. Until then it reports `Running`. */
async function exitCode(connection: Connection, program: Dockerode.Exec, doing: string): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await connection.ask<{ Running: boolean; ExitCode: number | null }>(
      doing,
      program.inspect(),
    );
    if (!Running && ExitCode !== null) return ExitCode;
    await connection.clock.sleep(5);
  }
}

/** Keeps the last bytes of the output. */
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
