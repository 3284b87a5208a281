import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildCommand } from './build-command.ts';

/** Built while the file is loaded: no test's time is spent on it. */
const COMMAND = await buildCommand();

/** How a command ended and what it said. */
export interface Run {
  readonly exit: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Beside PATH, HOME and lobbie's images, which every run has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Runs as this user and group, without further groups. */
  readonly uid?: number;
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
  /** Resolves when it has written something that matches. */
  seen(pattern: RegExp): Promise<void>;
}

/** Runs the built command to its end. Nothing of this process's own settings reaches it. */
export const runLobbie = (args: readonly string[], options: RunOptions): Promise<Run> =>
  startLobbie(args, options).ended;

/** Starts the built command. */
export function startLobbie(args: readonly string[], { env = {}, cwd, uid }: RunOptions): Running {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...commonEnv(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  return follow(child);
}

/** What the command finds in its environment: a home without settings, and the images that this machine has. */
export const commonEnv = (home: string): Record<string, string> => {
  const { PATH = '', DOCKER_HOST, LOBBIE_NODE_IMAGE, LOBBIE_DEBIAN_IMAGE } = process.env;
  return {
    PATH,
    HOME: home,
    LOBBIE_PORT: '0',
    ...(DOCKER_HOST && { DOCKER_HOST }),
    ...(LOBBIE_NODE_IMAGE && { LOBBIE_NODE_IMAGE }),
    ...(LOBBIE_DEBIAN_IMAGE && { LOBBIE_DEBIAN_IMAGE }),
  };
};

function follow(child: ChildProcess): Running {
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const look of waiting) look();
    });
  }
  return {
    child,
    ended: once(child, 'close').then(([code, signal]): Run => ({ exit: code ?? signal, ...output })),
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(output.stdout + output.stderr)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        child.once('close', () => reject(new Error(`It ended before it said ${pattern}: ${output.stderr}`)));
        look();
      }),
  };
}

/** The last line of `--json`: the result, or the error. */
export const lastJson = ({ stdout }: Run): Record<string, unknown> =>
  // The cast: each line is an object, as the contract of `--json` says; a test looks at what is in it.
  JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
