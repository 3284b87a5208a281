import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The pid in a pid file, if that process still is a dockerd with this data directory. Pids are given out again after
 * a restart of the machine, so a pid alone says nothing: a foreign process must never be taken for the daemon.
 */
export function daemonProcess(pidFile: string, dataRoot: string, proc = '/proc'): number | undefined {
  const pid = Number.parseInt(readText(pidFile), 10);
  if (!(pid > 1)) return undefined;
  // A daemon that ended and was not waited for keeps an entry with an empty command line.
  const argv = readText(`${proc}/${pid}/cmdline`).split('\0');
  const isDockerd = argv[0]?.split('/').at(-1) === 'dockerd';
  return isDockerd && argv.includes(`--data-root=${dataRoot}`) ? pid : undefined;
}

/** Removes a pid file whose process is gone; dockerd itself refuses to start when the pid belongs to any process. */
export function removeStalePidFile(pidFile: string, dataRoot: string): void {
  if (daemonProcess(pidFile, dataRoot) === undefined) rmSync(pidFile, { force: true });
}

/** SIGTERM, and SIGKILL after the time given; back when the process is really gone. */
export async function endDaemon(pidFile: string, dataRoot: string, graceMs = 60_000): Promise<void> {
  const pid = daemonProcess(pidFile, dataRoot);
  if (pid === undefined) return;
  process.kill(pid, 'SIGTERM');
  let deadline = Date.now() + graceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      process.kill(pid, 'SIGKILL');
      deadline = Number.POSITIVE_INFINITY;
    }
    await delay(50);
  }
}

/** Gone, or ended and only waiting for its parent, count as not alive. */
function isAlive(pid: number): boolean {
  const state = /^State:\s+(\S)/m.exec(readText(`/proc/${pid}/status`))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
