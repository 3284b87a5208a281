import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FirstRunError, lastLines, modernNode, phase, ROOT, run, toolEnvironment } from './run-node.mjs';

/**
 * Installs the dependencies and builds both packages. Skips what is unchanged. Returns a Node that runs TypeScript.
 *
 * @param {{ rebuild?: boolean }} options `rebuild` builds even if nothing changed
 */
export async function prepare({ rebuild = false } = {}) {
  await phase('install', install);
  const node = modernNode();
  if (!node) {
    throw new FirstRunError(
      `Node ${process.version} is too old, and the repository's own Node 24 does not run on this machine.`,
      'Install Node 24 on this machine, then run this again.',
    );
  }
  await phase('build', () => build(node, rebuild));
  return node;
}

const INSTALL_STAMP = join(ROOT, 'node_modules', '.lobbie-install');
const BUILD_STAMP = join(ROOT, '.lobbie', 'build');
const PACKAGES = ['api', 'cli'];

async function install() {
  const manifests = workspaces().map((folder) => join(folder, 'package.json'));
  const inputs = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests];
  // A directory that was moved or copied from another machine has links and programs that do not work here.
  const stamp = fingerprint(inputs, [ROOT, process.platform, process.arch]);
  const linked = PACKAGES.every((name) => existsSync(join(ROOT, 'packages', name, 'node_modules')));
  if (linked && read(INSTALL_STAMP) === stamp) return 'up to date';

  const { packageManager } = JSON.parse(read(join(ROOT, 'package.json')));
  const pnpm = packageManager.split('+', 1)[0];
  // Replaces the result of another installer in node_modules without asking.
  const argv = ['--yes', pnpm, 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  const { status, output } = await run('npx', argv, { env: { ...toolEnvironment(), npm_config_yes: 'true' } });
  if (status !== 0) {
    throw new FirstRunError(
      `Installing the dependencies failed:\n${lastLines(output)}`,
      `Check that \`npx ${pnpm} install --frozen-lockfile\` works here. It needs access to the npm registry.`,
    );
  }
  writeFileSync(INSTALL_STAMP, stamp);
  return `dependencies installed with ${pnpm.replace('@', ' ')}`;
}

async function build(node, rebuild) {
  const inputs = PACKAGES.flatMap((name) => sources(join('packages', name)));
  const stamp = fingerprint(
    [...inputs, 'Dockerfile.api', 'pnpm-lock.yaml'].filter((path) => existsSync(join(ROOT, path))),
    [ROOT],
  );
  const built = PACKAGES.every((name) => existsSync(join(ROOT, 'packages', name, 'dist')));
  if (built && !rebuild && read(BUILD_STAMP) === stamp) return 'up to date';
  for (const name of PACKAGES) {
    const { status, output } = await run(node, ['--run', 'build'], { cwd: join(ROOT, 'packages', name) });
    if (status !== 0) {
      throw new FirstRunError(
        `Building packages/${name} failed:\n${lastLines(output)}`,
        'If you changed its sources, fix the errors above. Otherwise run `git status` and restore them.',
      );
    }
  }
  mkdirSync(join(ROOT, '.lobbie'), { recursive: true });
  writeFileSync(BUILD_STAMP, stamp);
  return 'packages/api and packages/cli built';
}

/** All files of a package that its build may read. */
function sources(folder) {
  const files = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: false });
  return files.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', 'test'].includes(entry.name) ? [] : sources(path);
    return entry.isFile() ? [path] : [];
  });
}

function workspaces() {
  return ['packages', 'examples']
    .filter((parent) => existsSync(join(ROOT, parent)))
    .flatMap((parent) => readdirSync(join(ROOT, parent)).map((name) => join(parent, name)))
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')));
}

function fingerprint(paths, facts) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const path of [...paths].sort())
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
