import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The pid in a pid file, if that process still is a dockerd with this data directory. After a restart of the machine,
 * another process can have the same pid, so the pid alone proves nothing.
 */
export function daemonProcess(pidFile: string, dataRoot: string, proc = '/proc'): number | undefined {
  const pid = Number.parseInt(readText(pidFile), 10);
  if (!(pid > 1)) return undefined;
  // A daemon that ended without being waited for has an entry with an empty command line.
  const argv = readText(`${proc}/${pid}/cmdline`).split('\0');
  const isDockerd = argv[0]?.split('/').at(-1) === 'dockerd';
  return isDockerd && argv.includes(`--data-root=${dataRoot}`) ? pid : undefined;
}

/** Removes a pid file whose process is gone. dockerd refuses to start if the pid belongs to any process. */
export function removeStalePidFile(pidFile: string, dataRoot: string): void {
  if (daemonProcess(pidFile, dataRoot) === undefined) rmSync(pidFile, { force: true });
}

/** Sends SIGTERM, and SIGKILL after the grace time. Returns when the process is really gone. */
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

/** A process that is gone, or only waits for its parent, is not alive. */
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
