import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../cli/temporary-directory.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** The files of this clone that git knows or would add, as they are now. */
async function copyClone(directory: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  for (const path of stdout.split('\0').filter((one) => one !== '' && existsSync(join(ROOT, one)))) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    cpSync(join(ROOT, path), join(directory, path));
  }
}

it('installs from a fresh clone in one command, from a build of its sources, and needs the clone no more', async () => {
  using home = temporaryDirectory();
  const clone = join(home.path, 'clone');
  const prefix = join(home.path, 'prefix');
  await copyClone(clone);
  // What an earlier build left is not what gets installed.
  mkdirSync(join(clone, 'packages/cli/dist'), { recursive: true });
  writeFileSync(join(clone, 'packages/cli/dist/bin.js'), 'an old build');
  const main = join(clone, 'packages/cli/src/program.ts');
  writeFileSync(main, readFileSync(main, 'utf8').replace('without losing a request.', 'of this very clone.'));

  await run('npm', ['run', 'install:global'], { cwd: clone, env: { ...process.env, npm_config_prefix: prefix } });
  rmSync(clone, { recursive: true });
  const help = await run(join(prefix, 'bin/lobbie'), ['--help'], { cwd: home.path });
  expect(help.stdout).toContain('of this very clone.');
});
