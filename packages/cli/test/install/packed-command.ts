import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildCommand } from '../cli/build-command.ts';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../..', import.meta.url));

/** Packs the command as npm publishes it, from a build of today's sources, to a file. */
export async function packCommand(file: string): Promise<void> {
  await buildCommand();
  mkdirSync(dirname(file), { recursive: true });
  const directory = mkdtempSync(`${file}-`);
  try {
    // Its `prepack` builds too, but would take `dist` away from the tests that run beside this one.
    const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
    const [packed] = JSON.parse((await run('npm', argv, { cwd: CLI })).stdout);
    renameSync(join(directory, packed.filename), file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Installs the packed command into an empty prefix, without a network; gives the directory of its `lobbie`. */
export async function installPacked(directory: string): Promise<string> {
  const file = join(directory, 'lobbie.tgz');
  await packCommand(file);
  const prefix = join(directory, 'prefix');
  const flags = ['--offline', '--no-audit', '--no-fund', '--no-update-notifier', '--cache', join(directory, 'cache')];
  await run('npm', ['install', '--global', '--prefix', prefix, ...flags, file]);
  return join(prefix, 'bin');
}
