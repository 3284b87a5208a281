import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SYSTEM_SOCKET } from '../packages/cli/src/engine/choose-endpoint.ts';
import { daemonProcess, endDaemon, removeStalePidFile } from './daemon-process.ts';
import { probeEngine } from './probe-engine.ts';
import { SetupError } from './setup-error.ts';

/** Paths of the engine that these scripts start. */
export interface OwnEngine {
  readonly url: string;
  readonly dataRoot: string;
  readonly execRoot: string;
  readonly pidFile: string;
  readonly logFile: string;
}

/** The engine of the clone at `root`, whether it runs or not. */
export function ownEngine(root: string): OwnEngine {
  const directory = join(root, '.lobbie', 'engine');
  // Sockets are below the exec root, and a socket's path has at most 107 bytes. A clone's path can be too long for
  // that.
  const short = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return {
    url: `unix://${SYSTEM_SOCKET}`,
    dataRoot: join(directory, 'data'),
    execRoot: `/run/lobbie-engine-${short}`,
    pidFile: join(directory, 'dockerd.pid'),
    logFile: join(directory, 'dockerd.log'),
  };
}

/** Starts the engine so that it outlives this process, and waits until it answers. */
export async function startOwnEngine(engine: OwnEngine, dockerd: string): Promise<void> {
  mkdirSync(engine.dataRoot, { recursive: true });
  if (daemonProcess(engine.pidFile, engine.dataRoot) === undefined) {
    removeStalePidFile(engine.pidFile, engine.dataRoot);
    const log = openSync(engine.logFile, 'w');
    const child = spawn(dockerd, daemonArguments(engine), { cwd: '/', detached: true, stdio: ['ignore', log, log] });
    child.unref();
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', () => {
      ended = true;
    });
    return waitForAnswer(engine, () => ended);
  }
  return waitForAnswer(engine, () => daemonProcess(engine.pidFile, engine.dataRoot) === undefined);
}

/** Ends the engine if {@link startOwnEngine} started it; returns whether it did. */
export async function stopOwnEngine(engine: OwnEngine): Promise<boolean> {
  const running = daemonProcess(engine.pidFile, engine.dataRoot) !== undefined;
  await endDaemon(engine.pidFile, engine.dataRoot);
  removeStalePidFile(engine.pidFile, engine.dataRoot);
  if (running) {
    unmountDataRoot(engine.dataRoot);
    await rm(engine.execRoot, { recursive: true, force: true }).catch(() => {});
  }
  return running;
}

/** dockerd mounts its data directory over itself and leaves the mount behind, so the clone could not be removed. */
function unmountDataRoot(dataRoot: string): void {
  const isMounted = () => readFileSync('/proc/self/mounts', 'utf8').includes(` ${dataRoot.replaceAll(' ', '\\040')} `);
  // Lazily: the last container's processes may use it a moment longer than the daemon.
  while (isMounted() && spawnSync('umount', ['--lazy', dataRoot]).status === 0);
}

/** Arguments for a dockerd that shares nothing with another one. */
export function daemonArguments({ url, dataRoot, execRoot, pidFile }: Omit<OwnEngine, 'logFile'>): string[] {
  return [`--host=${url}`, `--data-root=${dataRoot}`, `--exec-root=${execRoot}`, `--pidfile=${pidFile}`];
}

async function waitForAnswer(engine: OwnEngine, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while ((await probeEngine(engine)) !== 'answers') {
    if (hasEnded()) {
      throw new SetupError(
        `dockerd ended as soon as it was started: ${lastLogLines(engine.logFile)}`,
        `See ${engine.logFile}, or start a Docker Engine in another way, then run this again.`,
      );
    }
    if (Date.now() > deadline) {
      throw new SetupError(
        'dockerd was started and did not answer within 60 s.',
        `See ${engine.logFile}. \`npm run engine:stop\` ends it.`,
      );
    }
    await delay(50);
  }
}

/** The last log lines of the daemon, errors first. */
export function lastLogLines(logFile: string, count = 5): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const complaints = lines.filter((line) => /level=(error|fatal)|^failed|^unable|^Error/i.test(line));
  return `\n${(complaints.length > 0 ? complaints : lines)
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
}
