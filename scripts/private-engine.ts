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
  /** Is created, and removed at the end. Its path has to be short (about 60 characters), for sockets lie below it. */
  readonly directory: string;
  /** This machine's own dockerd unless given. */
  readonly version?: EngineVersion;
  /** What `daemon.json` says, such as `{ 'live-restore': true }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Variables for dockerd, such as `DOCKER_MIN_API_VERSION`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Gives the engine and its containers a way to the network, for builds. */
  readonly wayOut?: boolean;
  /** Version 2 of the control groups; where the machine has version 1, without any controller. */
  readonly cgroupV2?: boolean;
}

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
 * disturb nobody. It ends with this process, however that ends. Needs Linux and root; a `version` also Debian. Of this
 * machine's files, an engine with a version has the directory and the clone.
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
    // The one before is known to have ended; its pid may belong to anything by now, and dockerd asks no further.
    rmSync(daemon.pidFile, { force: true });
    const log = openSync(logFile, 'w');
    const own = [`--cgroup-parent=/${cgroup}`, `--config-file=${configFile}`];
    const [program = '', ...argv] = argvOfEngine(['dockerd', ...daemonArguments(daemon), ...own]);
    const env = { ...process.env, ...options.environment };
    child = spawn(program, argv, { cwd: '/', stdio: ['ignore', log, log], env });
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
