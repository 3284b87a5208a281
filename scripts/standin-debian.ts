import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, installWithApt } from './apt.ts';
import { debianSources } from './debian-sources.ts';
import { importImage } from './engine-images.ts';
import { runProgram } from './run-program.ts';
import { STANDIN_LABEL } from './standin-recipe.ts';

/** Replaces Debian's image if no registry answers. */
export const STANDIN_DEBIAN = { name: 'lobbie-standin/debian', tag: 'trixie' } as const;

/** The path of the machine's certificates in the stand-ins. The ca-certificates package does not overwrite it. */
export const CERTIFICATES = '/usr/local/share/lobbie-standin/ca-certificates.crt';

/** Debian trixie from the mirror of this machine's apt: minimal, without manuals and translations. */
export async function makeDebianStandin(url: string, root: string, recipe: string): Promise<void> {
  if (!findProgram('mmdebstrap')) await installWithApt(['mmdebstrap']);
  const directory = join(root, '.lobbie', 'standin');
  await mkdir(directory, { recursive: true });
  const tar = join(directory, 'debian.tar');
  try {
    await runProgram(
      'mmdebstrap',
      [...OPTIONS, ...certificateHooks(), 'trixie', tar, ...(await debianSources('trixie'))],
      {
        cwd: '/',
        nextStep: 'Check that `apt-get update` works on this machine, then run this again.',
      },
    );
    await importImage(url, { ...STANDIN_DEBIAN, tar: createReadStream(tar), changes: changes(recipe) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const UNNEEDED = ['/usr/share/man/*', '/usr/share/info/*', '/usr/share/doc/*', '/usr/share/locale/*'];

const OPTIONS = [
  '--quiet',
  '--variant=minbase',
  ...UNNEEDED.map((path) => `--dpkgopt=path-exclude=${path}`),
  // Licences are kept, as in Debian's own slim images.
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  // A failed build discards the layer, so there is no need to sync each file to disk.
  '--dpkgopt=force-unsafe-io',
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=Acquire::Retries "3"',
  '--aptopt=APT::Install-Recommends "false"',
  // Packages must not start services while an image is built.
  `--customize-hook=printf '#!/bin/sh\\nexit 101\\n' > "$1/usr/sbin/policy-rc.d" && chmod 755 "$1/usr/sbin/policy-rc.d"`,
];

/** The certificates that programs on this machine trust; undefined if there are none. */
export function certificateBundle(): string | undefined {
  const named = [process.env.SSL_CERT_FILE, process.env.NODE_EXTRA_CA_CERTS, '/etc/ssl/certs/ca-certificates.crt'];
  return named.find((path) => path && existsSync(path));
}

function certificateHooks(): string[] {
  const bundle = certificateBundle();
  if (!bundle) return [];
  return [
    `--customize-hook=mkdir -p "$1/usr/local/share/lobbie-standin" "$1/etc/ssl/certs"`,
    `--customize-hook=upload ${bundle} ${CERTIFICATES}`,
    `--customize-hook=chmod 644 "$1${CERTIFICATES}" && ln -s ${CERTIFICATES} "$1/etc/ssl/certs/ca-certificates.crt"`,
  ];
}

function changes(recipe: string): string[] {
  const environment = certificateBundle() ? [`ENV SSL_CERT_FILE=${CERTIFICATES}`] : [];
  return [...environment, 'CMD ["bash"]', `LABEL ${STANDIN_LABEL}=${recipe}`];
}
