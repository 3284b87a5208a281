import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/cli/test/free-port.ts';
import type { Bench } from './bench.ts';

const API = fileURLToPath(new URL('../../packages/api/dist/server.js', import.meta.url));
const LOOK_EVERY_MS = 5;

/** A program of this machine that answers HTTP on 127.0.0.1. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts lobbie's API on a history. Resolves when it is ready. */
export async function startApi(bench: Bench, history: string): Promise<Server> {
  const files = join(bench.directory, 'api');
  await mkdir(files, { recursive: true });
  const env = { HISTORY_DIR: history, FILE_DIR: files, LOG_LEVEL: 'warn' };
  return startServer(bench, [API], { env, ready: '/ready' });
}

/** Starts a Node program that listens on `PORT`. */
export async function startServer(
  { signal, defer }: Bench,
  argv: readonly string[],
  { env, ready }: { readonly env: Readonly<Record<string, string>>; readonly ready: string },
): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  defer(stop);
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    signal.throwIfAborted();
    if (child.exitCode !== null) throw new Error(`${argv[0]} ended with status ${child.exitCode}.`);
    const answer = await fetch(url + ready).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
