import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BUILDS, CONFIG, renderedFile } from './kustomize.ts';
import { type Manifest, readManifests } from './manifest.ts';
import { typedManifests, validateManifest } from './models.ts';

/** What is read by kustomize itself has no schema among those of the cluster. */
const isOfCluster = ({ apiVersion }: Manifest) => !apiVersion.startsWith('kustomize.config.k8s.io/');

const sources = readdirSync(CONFIG, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('/kustomization.yaml'))
  .map((file) => [file, readManifests(join(CONFIG, file))] as const);
const built = BUILDS.map((folder) => [folder, readManifests(renderedFile(folder))] as const);
const all = [...sources, ...built];

describe('the manifests', () => {
  it.each(all)('%s: each object is what the published schema of its kind asks for', (_file, manifests) => {
    expect(manifests.length).toBeGreaterThan(0);
    for (const manifest of manifests.filter(isOfCluster)) validateManifest(manifest);
  });

  it('are of every kind that is promised', () => {
    const kinds = new Set(all.flatMap(([, manifests]) => manifests.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([
      'Application',
      'ConfigMap',
      'Deployment',
      'ExternalSecret',
      'GitRepository',
      'ImagePolicy',
      'ImageRepository',
      'ImageUpdateAutomation',
      'Kustomization',
      'Namespace',
      'PodDisruptionBudget',
      'SealedSecret',
      'Secret',
      'Service',
    ]);
  });

  it('have no field that the published type of their kind does not have', () => {
    expect(compile(all.flatMap(([, manifests]) => manifests))).toBe('');
  });
});

describe('the checks', () => {
  const deployment = readManifests(renderedFile('overlays/prod')).filter(({ kind }) => kind === 'Deployment');
  const misspelt: Manifest[] = JSON.parse(JSON.stringify(deployment).replace('startupProbe', 'startUpProbe'));
  const mistyped: Manifest[] = JSON.parse(
    JSON.stringify(deployment).replace('"containerPort":5000', '"containerPort":"5000"'),
  );

  it('refuse a value of another type', () => {
    expect(() => mistyped.forEach(validateManifest)).toThrow('ports/0/containerPort must be integer');
  });

  it('refuse a misspelt field', () => {
    expect(compile(misspelt)).toMatch(/startUpProbe.* does not exist in type/);
  });

  it('refuse a kind of which they know nothing', () => {
    expect(() => deployment.map((object) => ({ ...object, kind: 'Deployments' })).forEach(validateManifest)).toThrow(
      'There is no schema here for Deployments of apps/v1.',
    );
  });
});

/** What the compiler says of the objects; nothing where they are what their types say. */
function compile(manifests: readonly Manifest[]): string {
  // Below the workspace, for the types are found from there.
  const parent = fileURLToPath(new URL('../../dist', import.meta.url));
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'manifests-'));
  try {
    writeFileSync(join(folder, 'manifests.ts'), typedManifests(manifests));
    const tsc = join(fileURLToPath(new URL('../../../..', import.meta.url)), 'node_modules/.bin/tsc');
    const options = ['--noEmit', '--ignoreConfig', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
    execFileSync(tsc, [...options, join(folder, 'manifests.ts')], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
