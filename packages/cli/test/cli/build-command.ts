import { execFile } from 'node:child_process';
import { globSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../..', import.meta.url));
const API = join(CLI, '../api');
const BUNDLER = join(CLI, '../../node_modules/.bin/rolldown');
/** Longer than a build takes: whoever made a lock this old has died. */
const LOCK_MS = 60_000;

let built: Promise<string> | undefined;

/** Path of the command as users run it, built again when it is missing or older than its sources. */
export const buildCommand = (): Promise<string> => {
  built ??= build();
  return built;
};

async function build(): Promise<string> {
  await using _lock = await lock(join(CLI, 'node_modules/.lobbie-build'));
  const api = join(API, 'dist/server.js');
  if (isStale(api, API, ['src/**/*.ts', 'rolldown.config.ts'])) await bundle(API);
  const command = join(CLI, 'dist/bin.js');
  const sources = ['src/**/*.ts', 'assets/**', 'rolldown.config.ts', '../../Dockerfile.api', '../api/dist/server.js'];
  if (isStale(command, CLI, sources)) await bundle(CLI);
  return command;
}

const bundle = (cwd: string) => run(BUNDLER, ['-c', 'rolldown.config.ts'], { cwd });

function isStale(output: string, cwd: string, sources: readonly string[]): boolean {
  const made = statSync(output, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return globSync([...sources], { cwd }).some((file) => statSync(join(cwd, file)).mtimeMs > made);
}

/** Test files run side by side, in processes of their own. */
async function lock(directory: string): Promise<AsyncDisposable> {
  for (;;) {
    try {
      mkdirSync(directory);
      return { [Symbol.asyncDispose]: async () => rmdirSync(directory) };
    } catch {
      const held = statSync(directory, { throwIfNoEntry: false });
      if (held !== undefined && Date.now() - held.mtimeMs > LOCK_MS) rmdirSync(directory);
      await sleep(50);
    }
  }
}
