import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, realpathSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage } from './engine-images.ts';
import { runProgram } from './run-program.ts';
import { CERTIFICATES, certificateBundle, STANDIN_DEBIAN } from './standin-debian.ts';
import { STANDIN_LABEL, standinVersions } from './standin-recipe.ts';

/** Replaces the official Node image if no registry answers. */
export const STANDIN_NODE = { name: 'lobbie-standin/node', tag: '24' } as const;

/** The Debian stand-in with this repository's Node, npm, pnpm, and the user `node` (1000). */
export async function makeNodeStandin(url: string, root: string, recipe: string): Promise<void> {
  const directory = join(root, '.lobbie', 'standin-node');
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'usr'), { recursive: true });
  try {
    const { npm, pnpm } = standinVersions(root);
    const nextStep = 'Check that `npm ping` works on this machine, then run this again.';
    const flags = ['--no-audit', '--no-fund', '--no-update-notifier', '--prefix', join(directory, 'usr')];
    await runProgram('npm', ['install', '--global', ...flags, `npm@${npm}`, `pnpm@${pnpm}`], { cwd: root, nextStep });
    const registry = (await runProgram('npm', ['config', 'get', 'registry'], { cwd: root, nextStep })).trim();
    copyFileSync(realpathSync(join(root, 'node_modules', '.bin', 'node')), join(directory, 'usr', 'bin', 'node'));
    writeFileSync(join(directory, 'npmrc'), npmConfiguration(registry));
    writeFileSync(join(directory, 'Dockerfile'), dockerfile(recipe));
    const tar = spawn('tar', ['-c', '-C', directory, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await Promise.all([buildImage(url, `${STANDIN_NODE.name}:${STANDIN_NODE.tag}`, tar.stdout), once(tar, 'close')]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Builds use the same registry as this machine. A user and password in its address are not copied. */
function npmConfiguration(registry: string): string {
  const certificates = certificateBundle() ? `cafile=${CERTIFICATES}\n` : '';
  return URL.canParse(registry) && !new URL(registry).username ? `registry=${registry}\n${certificates}` : certificates;
}

const dockerfile = (recipe: string): string => `FROM ${STANDIN_DEBIAN.name}:${STANDIN_DEBIAN.tag}
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
COPY usr/ /usr/local/
COPY npmrc /usr/local/etc/npmrc
${certificateBundle() ? `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}` : ''}
CMD ["node"]
LABEL ${STANDIN_LABEL}=${recipe}
`;
