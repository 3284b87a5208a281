import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument, visit } from 'yaml';
import { CONFIG, renderedFile } from './kustomize.ts';
import { at, readManifests } from './manifest.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const flux = readManifests(renderedFile('flux'));

describe('the markers of image automation', () => {
  const markers = markersIn(join(CONFIG, 'overlays/prod/kustomization.yaml'));

  it('are read as JSON, and name the policy there is', () => {
    const policy = flux.find(({ kind }) => kind === 'ImagePolicy');
    const name = `${policy?.metadata.namespace}:${policy?.metadata.name}`;
    expect(markers).toEqual([{ path: 'newTag', value: '0.1.0', marker: { $imagepolicy: `${name}:tag` } }]);
  });

  it('stand where the automation looks for them', () => {
    const automation = flux.find(({ kind }) => kind === 'ImageUpdateAutomation');
    const folder = join(REPOSITORY, String(at(automation, 'spec.update.path')));
    expect(existsSync(join(folder, 'kustomization.yaml'))).toBe(true);
    expect(folder).toBe(join(CONFIG, 'overlays/prod'));
  });

  it('stand at the image that the updater of Argo CD is told of', () => {
    const [application] = readManifests(renderedFile('argo-cd'));
    const { images } = parseDocument(readFileSync(join(CONFIG, 'overlays/prod/kustomization.yaml'), 'utf8')).toJS();
    expect(application?.metadata.annotations).toMatchObject({
      'argocd-image-updater.argoproj.io/mini-api.kustomize.image-name': images[0].name,
    });
  });
});

describe('the workflow', () => {
  const text = readFileSync(join(REPOSITORY, '.github/workflows/mini-api.yml'), 'utf8');
  const { env } = parseDocument(text).toJS() as { env: Record<string, string> };

  it('tags images as the policy wants them', () => {
    const policy = flux.find(({ kind }) => kind === 'ImagePolicy');
    expect(`${env.IMAGE_VERSION}.17`).toMatch(new RegExp(String(at(policy, 'spec.filterTags.pattern'))));
    expect(at(policy, 'spec.policy.semver.range')).toBe(`${env.IMAGE_VERSION}.x`);
  });

  it('pushes the image that is deployed', () => {
    const repository = flux.find(({ kind }) => kind === 'ImageRepository');
    const owned = text.match(/IMAGE=\$REGISTRY\/\$\{GITHUB_REPOSITORY_OWNER,,\}\/([\w-]+)/)?.[1];
    expect(at(repository, 'spec.image')).toBe(`${env.REGISTRY}/example/${owned}`);
  });

  it('makes no image of a commit that only deploys one, for that would be deployed, too, without end', () => {
    const automation = flux.find(({ kind }) => kind === 'ImageUpdateAutomation');
    const written = `${at(automation, 'spec.update.path')}/kustomization.yaml`;
    expect(at(parseDocument(text).toJS(), 'on.push.paths-ignore')).toEqual([written]);
  });

  it('runs every action by its commit', () => {
    const actions = [...text.matchAll(/uses: ([^@\s]+)@(\S+)/g)];
    expect(actions.length).toBeGreaterThan(5);
    for (const [, action = '', version = ''] of actions) expect(version, action).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('the key', () => {
  it('is in no file: nowhere is API_KEY given a value of its own', () => {
    const given = filesOf(PROJECT)
      // Tests and the README name keys that they make up.
      .filter((file) => !/^(test\/(?!manifests\/rendered)|README\.md$)/.test(file))
      .flatMap((file) => valuesOf(readFileSync(join(PROJECT, file), 'utf8')).map((value) => `${file}: ${value}`));
    expect(given).toEqual(['config/components/sealed-secret/sealed-secret.yaml: not-sealed-yet']);
  });

  it.each([
    ['API_KEY=abc', ['abc']],
    ['  API_KEY: "abc"', ['abc']],
    ['-e API_KEY="$key"', []],
    [`API_KEY: \${API_KEY:?missing}`, []],
    ['API_KEY=\n', []],
    ['- name: API_KEY\n  value: abc', ['abc']],
    ['- name: API_KEY\n  valueFrom:', []],
  ])('in %j would be %j', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  it('is read from a file that git ignores, and whose example has none', () => {
    const folder = join(CONFIG, 'overlays/dev');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8').split('\n')).toContain('api-key.env');
    expect(readFileSync(join(folder, 'api-key.env.example'), 'utf8')).toMatch(/^API_KEY=$/m);
  });
});

/** Values that stand beside the name, other than references to variables. */
function valuesOf(text: string): string[] {
  const pattern = /(?<!\$\{)API_KEY(?:["']?[ \t]*[=:]|["']?\n[ \t]*value:)[ \t]*["']?(?!is missing)([^\s"'$][^\s"']*)/g;
  return [...text.matchAll(pattern)].map(([, value = '']) => value).filter((value) => !/^keyField,?$/.test(value));
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .filter((file) => !/(^|\/)(node_modules|dist)\/|\.env$/.test(file));
}

function markersIn(file: string): { path: string; value: unknown; marker: unknown }[] {
  const found: { path: string; value: unknown; marker: unknown }[] = [];
  visit(parseDocument(readFileSync(file, 'utf8')), {
    Pair(_key, { key, value }) {
      if (!isScalar(value) || !value.comment?.includes('$imagepolicy')) return;
      found.push({ path: String(key), value: value.value, marker: JSON.parse(value.comment) });
    },
  });
  return found;
}
