import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** The oldest Node that the package names, such as `20.16.0`. */
export function oldestNodeVersion(): string {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'));
  const [, version] = /^>=(\d+\.\d+)$/.exec(engines.node) ?? [];
  if (version === undefined) throw new Error(`packages/cli/package.json: engines.node: expected ">=<major>.<minor>"`);
  return `${version}.0`;
}

/** The directory of that Node's `node`. It is installed from npm under `.lobbie/node` the first time. */
export async function oldestNode(): Promise<string> {
  const version = oldestNodeVersion();
  const name = `node-${process.platform}-${process.arch}`;
  const directory = join(ROOT, '.lobbie/node', version);
  const bin = join(directory, 'node_modules', name, 'bin');
  if (existsSync(bin)) return bin;
  // Renamed when it is whole: a run that was cut short leaves no half of it.
  const draft = `${directory}-${process.pid}`;
  mkdirSync(dirname(directory), { recursive: true });
  try {
    const flags = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts'];
    await run('npm', ['install', ...flags, '--prefix', draft, `${name}@${version}`]);
    if (!existsSync(bin)) renameSync(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return bin;
}
