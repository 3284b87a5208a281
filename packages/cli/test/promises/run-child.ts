import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a child is to do, and where it ends. */
export interface Order {
  readonly command: 'deploy' | 'recreate' | 'scale' | 'down';
  readonly name: string;
  readonly history: string;
  readonly version?: string;
  readonly replicas?: number;
  readonly port?: number;
  readonly holder?: string;
  /** The moment at which it gets the signal; see `watchMoments`. */
  readonly at?: number;
  /** SIGKILL unless said. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

export interface ChildResult {
  readonly outcome: string;
  readonly code?: string;
  readonly message?: string;
  readonly moments: number;
}

export interface Child {
  readonly process: ChildProcess;
  /** Resolves when it has told that it is about to stop; rejects when it ends before. */
  readonly stopping: Promise<void>;
  /** What came of it; undefined when it was killed. */
  readonly result: Promise<ChildResult | undefined>;
}

/** Starts a child. `inside` wraps its command line, for an engine in a network namespace of its own. */
export function startChild(
  order: Order,
  env: NodeJS.ProcessEnv = process.env,
  inside = (argv: readonly string[]): readonly string[] => argv,
): Child {
  const [program = '', ...args] = inside([
    process.execPath,
    fileURLToPath(new URL('child.ts', import.meta.url)),
    JSON.stringify(order),
  ]);
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  const stopping = Promise.withResolvers<void>();
  stopping.promise.catch(() => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.includes('"stopping"')) stopping.resolve();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const result = once(child, 'close').then(([code, signal]) => {
    stopping.reject(new Error(`it ended before: ${output}${errors}`));
    if (signal !== null || code === 137) return undefined;
    if (code !== 0) throw new Error(`the child failed (${code}): ${errors}`);
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as ChildResult;
  });
  result.catch(() => undefined);
  return { process: child, stopping: stopping.promise, result };
}

/** Runs a child to its end. */
export const runChild = (...args: Parameters<typeof startChild>): Promise<ChildResult | undefined> =>
  startChild(...args).result;
