import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectEngine } from '../../packages/cli/src/engine/connect-engine.ts';
import { BASE_IMAGES } from '../../packages/cli/src/model/base-images.ts';
import type { Engine } from '../../packages/cli/src/model/engine.ts';
import { realClock } from '../../packages/cli/src/real-clock.ts';
import { readBaseImages } from '../read-base-images.ts';
import { type Composing, findCompose } from './compose.ts';
import { removeAll } from './remove-all.ts';
import { runCommand } from './run-command.ts';

const LOBBIE_BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));

/** What all scenarios of a run share: the engine, the commands, and a directory for files. */
export interface Bench {
  readonly engine: Engine;
  readonly directory: string;
  readonly nodeImage: string;
  readonly debianImage: string;
  /** Ends with the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Docker Compose, if this machine has it. */
  readonly compose: Composing | undefined;
  /** Whether it is a run with `--short`, which may measure for a shorter time. */
  readonly short: boolean;
  /** A name on the engine. {@link clean} removes everything with such a name. */
  name(what: string): string;
  /** Runs lobbie; rejects unless it succeeds. Gives its output. */
  lobbie(...argv: readonly string[]): Promise<string>;
  /** The command and arguments of lobbie, for what has to start it in its own way. */
  lobbieCommand(...argv: readonly string[]): Command;
  /** Says once why a rival or a scenario is missing. */
  leaveOut(what: string, why: string): void;
  readonly leftOut: ReadonlyMap<string, string>;
  /** Runs at the next {@link clean}, last first. */
  defer(act: () => Promise<void> | void): void;
  /** Removes everything with a name of this run from the engine. */
  clean(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

export interface Command {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface BenchOptions {
  readonly signal: AbortSignal;
  readonly short: boolean;
  /** The path of a Docker Compose; default: `docker compose`. */
  readonly composePath?: string;
  readonly tell: (words: string) => void;
}

/** Connects the engine and makes the directory. The caller closes it. */
export async function openBench({ signal, short, composePath, tell }: BenchOptions): Promise<Bench> {
  const prefix = `lobbie-bench-${process.pid}`;
  const images = await readBaseImages();
  const env = { ...images, ...process.env };
  const engine = await connectEngine({ clock: realClock, env, homeDirectory: homedir(), platform: process.platform });
  const directory = await mkdtemp(join(tmpdir(), `${prefix}-`));
  const leftOut = new Map<string, string>();
  const deferred: (() => Promise<void> | void)[] = [];
  const lobbieCommand: Bench['lobbieCommand'] = (...argv) => ({
    program: process.execPath,
    argv: [LOBBIE_BIN, ...argv],
    env: { ...env, CI: undefined, FORCE_COLOR: undefined },
    cwd: directory,
  });
  const clean = async (): Promise<void> => {
    for (const act of deferred.splice(0).reverse()) await act();
    await removeAll(engine, prefix);
  };
  return {
    engine,
    directory,
    nodeImage: env.LOBBIE_NODE_IMAGE ?? BASE_IMAGES.node,
    debianImage: env.LOBBIE_DEBIAN_IMAGE ?? BASE_IMAGES.debian,
    signal,
    compose: await findCompose({ composePath, directory, env, signal }),
    short,
    name: (what) => `${prefix}-${what}`,
    lobbie: (...argv) => runCommand(lobbieCommand(...argv), signal),
    lobbieCommand,
    leaveOut: (what, why) => {
      if (leftOut.has(what)) return;
      leftOut.set(what, why);
      tell(`left out: ${what}: ${why}`);
    },
    leftOut,
    defer: (act) => {
      deferred.push(act);
    },
    clean,
    close: async () => {
      try {
        await clean();
      } finally {
        engine.close();
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
