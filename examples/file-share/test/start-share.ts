import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../../packages/api/test/free-port.ts';

const SERVER = join(import.meta.dirname, '..', 'src', 'server.ts');

/** How a server process is started: the program and what comes before its own arguments. */
export type Launcher = (node: string, server: string, directory: string) => readonly [string, ...string[]];

/** As the image starts it. */
const plainly: Launcher = (node, server) => [node, '--max-semi-space-size=1', server];

/** A server in a process of its own, on a folder that several may share. */
export async function startShare(directory: string, env: Record<string, string> = {}, launch: Launcher = plainly) {
  for (;;) {
    const share = await start(directory, { PORT: String(await freePort()), ...env }, launch);
    // Another has taken the port in between.
    if (share !== undefined) return share;
  }
}

async function start(directory: string, env: Record<string, string>, launch: Launcher) {
  const [program, ...args] = launch(process.execPath, SERVER, directory);
  const child = spawn(program, args, {
    // Not the runner's own environment, which has a BASE_URL.
    env: { PATH: process.env.PATH, FILES_DIR: directory, HOST: '127.0.0.1', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface(child.stdout);
  let port = 0;
  for await (const line of lines) {
    port = Number(/listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? 0);
    if (port !== 0) break;
  }
  if (port === 0) {
    const [status] = await exited;
    if (errors.includes('EADDRINUSE')) return undefined;
    throw new Error(`The server ended with ${status}: ${errors}`);
  }
  child.stdout.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    exited: exited.then(([status]) => status as number | null),
    /** Of the memory that is its own, in MiB: what is in use, and the most that all of it ever was. */
    memory: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const mebibytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
      return { anonymous: mebibytes('RssAnon'), peak: mebibytes('VmHWM') };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A folder that is removed afterwards. */
export function testFolder() {
  const path = mkdtempSync(join(tmpdir(), 'file-share-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
