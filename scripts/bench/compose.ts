import type { Command } from './bench.ts';
import { runCommand } from './run-command.ts';

/** Docker Compose, the rival. */
export interface Composing {
  readonly version: string;
  /** Runs it; rejects unless it succeeds. Gives its output. */
  run(...argv: readonly string[]): Promise<string>;
  command(...argv: readonly string[]): Command;
}

export interface FindCompose {
  readonly composePath: string | undefined;
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Docker Compose 2 at a path, or that of the docker CLI; undefined if there is none. A path that does not work is an
 * error.
 */
export async function findCompose({
  composePath,
  directory,
  env,
  signal,
}: FindCompose): Promise<Composing | undefined> {
  const [program, ...first] = composePath === undefined ? ['docker', 'compose'] : [composePath];
  // The plugin buildx is not always there; the engine's older builder is.
  const command: Composing['command'] = (...argv) => ({
    program: program as string,
    argv: [...first, ...argv],
    env: { DOCKER_BUILDKIT: '0', ...env },
    cwd: directory,
  });
  const run: Composing['run'] = (...argv) => runCommand(command(...argv), signal);
  try {
    const version = (await run('version', '--short')).trim();
    return { version, run, command };
  } catch (error) {
    if (composePath !== undefined) throw error;
    signal.throwIfAborted();
    return undefined;
  }
}
