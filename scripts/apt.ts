import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { SetupError } from './setup-error.ts';

/** The full path of a program on the PATH or in the directories of system daemons; undefined if it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Installs Debian packages without their recommendations and without letting them start services. */
export async function installWithApt(packages: readonly string[]): Promise<void> {
  const argv = ['install', '-y', '--no-install-recommends', ...packages];
  await withoutStartingServices(async () => {
    const lists = await readdir('/var/lib/apt/lists').catch(() => []);
    const updated = !lists.some((name) => name.includes('_Packages'));
    if (updated) await aptGet(['update']);
    const first = await aptGet(argv);
    if (first.ok) return;
    // The package lists may name versions that the mirror no longer has.
    if (!updated) await aptGet(['update']);
    const second = updated ? first : await aptGet(argv);
    if (second.ok) return;
    throw new SetupError(
      `apt-get could not install ${packages.join(', ')}: ${second.lastLine}.`,
      `Run \`apt-get update && apt-get install ${packages.join(' ')}\` by hand to see the error.`,
    );
  });
}

const POLICY = '/usr/sbin/policy-rc.d';

/** Debian's packages start their daemons unless a policy forbids it. These scripts start their own daemon. */
async function withoutStartingServices(run: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return run();
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n');
  await chmod(POLICY, 0o755);
  const remove = () => rm(POLICY, { force: true });
  process.once('SIGINT', remove).once('SIGTERM', remove);
  try {
    await run();
  } finally {
    process.off('SIGINT', remove).off('SIGTERM', remove);
    await remove();
  }
}

function aptGet(argv: readonly string[]): Promise<{ ok: boolean; lastLine: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('apt-get', ['-q', ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(-4096);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (status) => {
      const lines = output.trim().split('\n');
      const lastLine = lines.findLast((line) => line.startsWith('E: ')) ?? lines.at(-1) ?? '';
      resolve({ ok: status === 0, lastLine: lastLine.replace(/^E: /, '').replace(/[.\s]{1,9}$/, '') });
    });
  });
}
