import { readFile } from 'node:fs/promises';
import type { Command } from './bench.ts';
import { runCommand } from './run-command.ts';
import type { Figures } from './scenario.ts';

const LOOK_EVERY_MS = 25;

/** Runs a command: its time in milliseconds, and on Linux the most memory in MB that it and its children had. */
export async function runWatched(command: Command, signal: AbortSignal): Promise<Figures> {
  let most = 0;
  let watched: Promise<void> = Promise.resolve();
  let isRunning = true;
  const watch = async (pid: number): Promise<void> => {
    while (isRunning) {
      most = Math.max(most, await residentKilobytes(pid));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const started = performance.now();
  try {
    await runCommand(command, signal, (pid) => {
      watched = watch(pid);
    });
  } finally {
    isRunning = false;
  }
  const time = performance.now() - started;
  await watched;
  return { time, ...(most > 0 && { memory: most / 1024 }) };
}

/** Of a process and all below it; 0 for one that has ended, or without /proc. */
async function residentKilobytes(pid: number): Promise<number> {
  const [status, children] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ]);
  const own = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0);
  const below = await Promise.all(children.split(' ').filter(Boolean).map(Number).map(residentKilobytes));
  return below.reduce((sum, one) => sum + one, own);
}
