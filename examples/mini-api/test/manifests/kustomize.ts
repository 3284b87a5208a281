import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The manifests as they are in the repository. */
export const CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

/** The folders that are built and applied, each with its text in `rendered/`. */
export const BUILDS = ['overlays/dev', 'overlays/prod', 'flux', 'argo-cd'] as const;

/** Where `rendered/` keeps what a folder builds to. */
export const renderedFile = (folder: string): string =>
  fileURLToPath(new URL(`rendered/${folder.replace('overlays/', '')}.yaml`, import.meta.url));

/** The command that builds a folder, where kustomize 5 or kubectl with it is installed; undefined elsewhere. */
export function findKustomize(): readonly string[] | undefined {
  const candidates = [
    { command: ['kustomize', 'build'], version: ['kustomize', 'version'] },
    { command: ['kubectl', 'kustomize'], version: ['kubectl', 'version', '--client'] },
  ];
  return candidates.find(({ version }) => /(^|Kustomize Version: )v?([5-9]|\d\d)\./m.test(run(version) ?? ''))?.command;
}

/** A change of one file of the manifests, by its path in `config`. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Builds a folder of a copy of the manifests, in which the example of a key file is the key file.
 *
 * @throws Error with kustomize's words where it cannot be built, or where there is nothing to change
 */
export function buildConfig(kustomize: readonly string[], folder: string, changes: readonly Change[] = []): string {
  const root = mkdtempSync(join(tmpdir(), 'mini-api-config-'));
  try {
    cpSync(CONFIG, root, { recursive: true });
    copyFileSync(join(root, 'overlays/dev/api-key.env.example'), join(root, 'overlays/dev/api-key.env'));
    for (const { file, from, to } of changes) {
      const text = readFileSync(join(root, file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file}: there is no ${from}`);
      writeFileSync(join(root, file), text.replace(from, to));
    }
    const [program = '', ...argv] = kustomize;
    return execFileSync(program, [...argv, join(root, folder)], { encoding: 'utf8', stdio: 'pipe' });
  } finally {
    rmSync(root, { recursive: true });
  }
}

function run([program = '', ...argv]: readonly string[]): string | undefined {
  try {
    return execFileSync(program, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
