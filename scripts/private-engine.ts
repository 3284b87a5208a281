import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram, installWithApt } from './apt.ts';
import { ensureEngineRoot } from './engine-root.ts';
import type { EngineVersion } from './engine-versions.ts';
import { enterRoot } from './enter-root.ts';
import { openNamespaces } from './namespaces.ts';
import { daemonArguments, lastLogLines } from './own-engine.ts';
import { probeEngine } from './probe-engine.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';
import { openWayOut } from './way-out.ts';

export interface PrivateEngineOptions {
  /** Created, and removed at the end. Its path must be short (about 60 characters), because sockets are below it. */
  readonly directory: string;
  /** Default: this machine's own dockerd. */
  readonly version?: EngineVersion;
  /** The content of `daemon.json`, such as `{ 'live-restore': true }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Variables for dockerd, such as `DOCKER_MIN_API_VERSION`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Gives the engine and its containers access to the network, for builds. */
  readonly wayOut?: boolean;
  /** Use version 2 of the control groups. If the machine has version 1, without any controller. */
  readonly cgroupV2?: boolean;
}

/** A separate engine for tests that stop, kill and start one while another engine serves everybody else. */
export interface PrivateEngine extends AsyncDisposable {
  /** `unix://…`, reachable from everywhere on this machine. */
  readonly host: string;
  /** The engine's log. */
  readonly logFile: string;
  /** A command that runs inside. Only there can the containers' addresses and published ports be reached. */
  argvInside(argv: readonly string[]): string[];
  /** Starts the engine again after {@link stop} or {@link kill}, on the same data. Returns when it answers. */
  start(): Promise<void>;
  /** Stops it like a shutdown does, with its containers. */
  stop(): Promise<void>;
  /** `kill -9`: the containers keep running. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends everything inside at once and removes the directory. */
  remove(): Promise<void>;
}

/**
 * Starts a dockerd in its own network, mount and process namespaces: its firewall rules, bridges, ports and mounts
 * affect nobody else. It ends with this process, however that ends. Needs Linux and root; a `version` also needs
 * Debian. An engine with a version sees only the directory and the clone of this machine's files.
 */
export async function startPrivateEngine(options: PrivateEngineOptions): Promise<PrivateEngine> {
  const { directory, version } = options;
  const root = version === undefined ? undefined : await ensureEngineRoot(version);
  if (!findProgram('ip') || (root === undefined && !findProgram('dockerd'))) await installWithApt(PACKAGES);
  mkdirSync(directory, { recursive: true });
  const cgroup = `lobbie-private-${basename(directory)}-${process.pid}`;
  const namespaces = await openNamespaces({ directory, cgroup });
  const daemon = {
    url: `unix://${join(directory, 'docker.sock')}`,
    dataRoot: join(directory, 'data'),
    execRoot: join(directory, 'exec'),
    pidFile: join(directory, 'dockerd.pid'),
  };
  const logFile = join(directory, 'dockerd.log');
  const configFile = join(directory, 'daemon.json');
  let argvOfEngine = namespaces.argvInside;
  let closeWayOut = (): void => {};
  let child: ChildProcess | undefined;

  const start = async () => {
    if (child?.exitCode === null && child.signalCode === null) return;
    // The previous daemon has ended. Another process may have its pid now, which dockerd would not notice.
    rmSync(daemon.pidFile, { force: true });
    const log = openSync(logFile, 'w');
    const own = [`--cgroup-parent=/${cgroup}`, `--config-file=${configFile}`];
    const [program = '', ...argv] = argvOfEngine(['dockerd', ...daemonArguments(daemon), ...own]);
    const env = { ...process.env, ...options.environment };
    child = spawn(program, argv, { cwd: '/', stdio: ['ignore', log, log], env });
    const deadline = Date.now() + 60_000;
    while ((await probeEngine(daemon)) !== 'answers') {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new SetupError(`The private engine did not start: ${lastLogLines(logFile)}`, `See ${logFile}.`);
      }
      await delay(50);
    }
  };
  const signal = async (name: 'TERM' | 'KILL') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const pid = readFileSync(daemon.pidFile, 'utf8').trim();
    // The pid file contains the pid of the inner process namespace, and `kill` is the shell's own.
    await runInside(['sh', '-c', `kill -${name} ${pid}`]);
    await ended;
  };
  const runInside = async (command: readonly string[]): Promise<void> => {
    const [program = '', ...argv] = namespaces.argvInside(command);
    await runProgram(program, argv, { nextStep: `Run this as root, with the packages ${PACKAGES.join(', ')}.` });
  };
  const remove = async () => {
    closeWayOut();
    await namespaces.end();
  };

  try {
    if (options.wayOut) closeWayOut = await openWayOut(namespaces.pid);
    if (options.cgroupV2) await runInside(['sh', '-c', CGROUP_V2]);
    writeFileSync(configFile, JSON.stringify(options.config ?? {}));
    if (root !== undefined) argvOfEngine = await enterRoot(namespaces, { root, directory, shared: [directory, CLONE] });
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    host: daemon.url,
    logFile,
    argvInside: namespaces.argvInside,
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

const PACKAGES = ['docker.io', 'iptables', 'iproute2'];

const CLONE = dirname(import.meta.dirname);

const CGROUP_V2 =
  'cd /sys/fs/cgroup && [ -e cgroup.controllers ] || { cd / && umount --lazy --recursive /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup; }';
