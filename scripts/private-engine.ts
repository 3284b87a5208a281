import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram, installWithApt } from './apt.ts';
import { daemonArguments, lastLogLines } from './own-engine.ts';
import { probeEngine } from './probe-engine.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

/** An engine of its own, for tests that stop, kill and start one while another serves everybody else. */
export interface PrivateEngine extends AsyncDisposable {
  /** `unix://…`, reachable from everywhere on this machine. */
  readonly host: string;
  /** The engine's log. */
  readonly logFile: string;
  /** A command that runs inside: only there are the containers' addresses and published ports reachable. */
  argvInside(argv: readonly string[]): string[];
  /** Starts the engine again after {@link stop} or {@link kill}, on the same data; back when it answers. */
  start(): Promise<void>;
  /** Stops it as a shutdown does, its containers too. */
  stop(): Promise<void>;
  /** `kill -9`: the containers go on running. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends everything inside at once and removes the directory. */
  remove(): Promise<void>;
}

/**
 * Starts a dockerd in network, mount and process namespaces of its own: its firewall rules, bridges, ports and mounts
 * disturb nobody. It ends with this process, however that ends. Needs Linux and root. The directory is created, and
 * its path has to be short (about 60 characters), for sockets lie below it.
 */
export async function startPrivateEngine(options: { readonly directory: string }): Promise<PrivateEngine> {
  const { directory } = options;
  if (!findProgram('dockerd') || !findProgram('ip')) await installWithApt(['docker.io', 'iptables', 'iproute2']);
  mkdirSync(directory, { recursive: true });
  const namespaces = await openNamespaces();
  const cgroup = `lobbie-private-${basename(directory)}-${namespaces.pid}`;
  const inside = (argv: readonly string[]) => ['nsenter', '--target', `${namespaces.pid}`, ...ENTER, '--', ...argv];
  const daemon = {
    url: `unix://${join(directory, 'docker.sock')}`,
    dataRoot: join(directory, 'data'),
    execRoot: join(directory, 'exec'),
    pidFile: join(directory, 'dockerd.pid'),
  };
  const logFile = join(directory, 'dockerd.log');
  let child: ChildProcess | undefined;

  const start = async () => {
    if (child?.exitCode === null && child.signalCode === null) return;
    // The one before is known to have ended; its pid may belong to anything by now, and dockerd asks no further.
    rmSync(daemon.pidFile, { force: true });
    const log = openSync(logFile, 'w');
    const argv = inside(['dockerd', ...daemonArguments(daemon), `--cgroup-parent=/${cgroup}`]);
    child = spawn(argv[0] ?? '', argv.slice(1), { cwd: '/', stdio: ['ignore', log, log] });
    const deadline = Date.now() + 60_000;
    while ((await probeEngine(daemon.url)) !== 'answers') {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new SetupError(`The private engine did not start: ${lastLogLines(logFile)}`, `Look at ${logFile}.`);
      }
      await delay(50);
    }
  };
  const signal = async (name: 'TERM' | 'KILL') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const pid = readFileSync(daemon.pidFile, 'utf8').trim();
    // The pid file speaks of the inner process namespace, where `kill` is the shell's own.
    await runInside(inside, ['sh', '-c', `kill -${name} ${pid}`]);
    await ended;
  };
  const remove = async () => {
    const ended = once(namespaces.unshare, 'exit');
    namespaces.unshare.kill('SIGKILL');
    await ended;
    await removeCgroups(cgroup);
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };

  try {
    await runInside(inside, ['ip', 'link', 'set', 'lo', 'up']);
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    host: daemon.url,
    logFile,
    argvInside: inside,
    start,
    stop: () => signal('TERM'),
    kill: () => signal('KILL'),
    restart: async () => {
      await signal('TERM');
      await start();
    },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

const ENTER = ['--net', '--mount', '--pid'];

/**
 * A shell in new namespaces that waits for the end of its stdin, which this process holds: when it goes, however it
 * goes, the shell ends, and with it, being the first process in there, all others inside.
 */
async function openNamespaces(): Promise<{ readonly unshare: ChildProcess; readonly pid: number }> {
  const flags = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const unshare = spawn('unshare', [...flags, 'sh', '-c', HOLD], { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([once(unshare.stdout, 'data'), once(unshare, 'exit')]);
  const children = unshare.exitCode === null ? readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`) : '';
  const pid = Number.parseInt(`${children}`, 10);
  if (!(pid > 1)) throw new SetupError('No namespaces could be made for a private engine.', 'Run this as root.');
  return { unshare, pid };
}

// `wait` also collects the orphans, which fall to the first process.
const HOLD = 'echo ready; exec 3<&0; cat <&3 >/dev/null & wait $!';

const runInside = async (inside: (argv: readonly string[]) => string[], argv: readonly string[]): Promise<void> => {
  const [program = '', ...rest] = inside(argv);
  await runProgram(program, rest, { nextStep: 'Run this as root, with the packages docker.io and iproute2.' });
};

/** What the containers' control groups leave behind, below every hierarchy, as soon as the last process is gone. */
async function removeCgroups(name: string): Promise<void> {
  const folders = ['', ...readdirSync('/sys/fs/cgroup')].map((folder) => join('/sys/fs/cgroup', folder, name));
  for (let attempt = 0; attempt < 50; attempt += 1) {
    for (const folder of folders) removeFolders(folder);
    if (!folders.some((folder) => existsSync(folder))) return;
    await delay(50);
  }
}

/** Control groups are removed from the leaves up; their files cannot be removed and need not be. */
function removeFolders(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeFolders(join(folder, entry.name));
    }
    rmdirSync(folder);
  } catch {
    // Not in this hierarchy, or still in use.
  }
}
