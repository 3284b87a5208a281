import { spawn } from 'node:child_process';
import type { Command } from './bench.ts';

const LAST_CHARACTERS = 2000;

/**
 * Runs a program and gives its stdout. Rejects with its last lines if it fails, or when the signal aborts.
 *
 * @param spawned receives the id of its process
 */
export function runCommand(
  { program, argv, env, cwd }: Command,
  signal: AbortSignal,
  spawned?: (pid: number) => void,
): Promise<string> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) spawned?.(child.pid);
    const end = (): void => {
      child.kill('SIGTERM');
    };
    signal.addEventListener('abort', end);
    let stdout = '';
    let last = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      last = (last + chunk).slice(-LAST_CHARACTERS);
    });
    child.on('error', reject);
    child.on('close', (status, endedBy) => {
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else if (status === 0) resolve(stdout);
      else
        reject(
          new Error(`${program} ${argv.join(' ')} ended with ${endedBy ?? `status ${status}`}.\n${last || stdout}`),
        );
    });
  });
}
