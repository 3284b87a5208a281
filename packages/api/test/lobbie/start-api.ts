import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';

const server = fileURLToPath(new URL('../../src/server.ts', import.meta.url));

/** A running API, or one that has refused to run. */
export interface RunningApi {
  readonly process: ChildProcess;
  /** Undefined when it ended before it listened. */
  readonly port: number | undefined;
  readonly output: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts the real process, and waits until it listens or has ended; on a free port, unless one is given. */
export async function startApi(env: Record<string, string>): Promise<RunningApi> {
  if (env.PORT !== undefined) return start(env);
  for (;;) {
    const api = await start({ ...env, PORT: String(await freePort()) });
    if (!api.output().includes('EADDRINUSE')) return api;
  }
}

async function start(env: Record<string, string>): Promise<RunningApi> {
  const child = spawn(process.execPath, [server], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const port = /listening at http:\/\/[^"]*:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const port = await Promise.race([listening, ended.then(() => undefined)]);
  return { process: child, port, output: () => output, ended };
}

/** A history and a place for the container's file; both are gone after the test. */
export function temporaryDirectories() {
  const root = mkdtempSync(join(tmpdir(), 'lobbie-api-'));
  const make = (name: string) => mkdtempSync(join(root, `${name}-`));
  return {
    history: make('history'),
    files: make('files'),
    make,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
