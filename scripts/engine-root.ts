import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, installWithApt } from './apt.ts';
import { debianSources } from './debian-sources.ts';
import { ENGINE_VERSIONS, type EngineVersion } from './engine-versions.ts';
import { runProgram } from './run-program.ts';
import { SetupError } from './setup-error.ts';

/** The packages of a root, in addition to Debian's essential ones: dockerd, and the programs that it calls. */
const PACKAGES = 'docker.io,iptables,containerd,runc,ca-certificates,iproute2,procps,kmod,mount';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const CLONE = dirname(import.meta.dirname);

/**
 * A directory with the root file system of the Debian release that has this engine, from this machine's mirror. It is
 * kept in `.lobbie/` and made again if it is incomplete or was made from other packages.
 *
 * @param clone the clone with the `.lobbie/` directory
 * @throws SetupError if the machine is not Debian or a derivative, this is not root, or the mirror does not answer
 */
export async function ensureEngineRoot(version: EngineVersion, clone = CLONE): Promise<string> {
  const suite = ENGINE_VERSIONS[version];
  const roots = join(clone, '.lobbie', 'engine-roots');
  const [root, stamp, unfinished] = [suite, `${suite}.made`, `${suite}.unfinished`].map((name) =>
    join(roots, name),
  ) as [string, string, string];
  const made = `${suite} ${PACKAGES}\n`;
  if (existsSync(root) && existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return root;

  const why = whyNoEngineRoot();
  if (why !== undefined) throw new SetupError(`No root for Docker Engine ${version} can be made: ${why}.`, NEXT);
  // On derivatives of Debian, Debian's keys are in a separate package.
  if (!findProgram('mmdebstrap') || !existsSync(KEYRING))
    await installWithApt(['mmdebstrap', 'debian-archive-keyring']);
  mkdirSync(roots, { recursive: true });
  for (const path of [stamp, root, unfinished]) await removeTree(path);
  // It ends with this process. Otherwise it would write into the directory of the next run.
  const argv = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'mmdebstrap'];
  await runProgram('setpriv', [...argv, ...OPTIONS, suite, unfinished, ...(await debianSources(suite))], {
    cwd: '/',
    nextStep: 'Check that `apt-get update` works on this machine, then run this again.',
  });
  renameSync(unfinished, root);
  writeFileSync(stamp, made);
  return root;
}

/** Why engines of other versions cannot run on this machine; undefined if they can. */
function whyNoEngineRoot(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return 'this is not Debian or a derivative';
  return process.getuid?.() === 0 ? undefined : 'this needs root';
}

const NEXT = 'Run this as root on Debian or a derivative.';

const OPTIONS = [
  '--quiet',
  '--variant=apt',
  `--include=${PACKAGES}`,
  // The lists of a rolling suite have an expiry date, and mirrors lag behind.
  '--aptopt=Acquire::Check-Valid-Until "false"',
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=Acquire::Retries "3"',
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=force-unsafe-io',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
];

/** Does not descend into mounts. */
const removeTree = (path: string): Promise<string> =>
  runProgram('rm', ['-rf', '--one-file-system', path], { nextStep: `Remove ${path}, then run this again.` });
