import { describe, expect, it } from 'vitest';
import { BUILDS, buildConfig, type Change, findKustomize, renderedFile } from './kustomize.ts';
import { at, type Manifest, parseManifests, readManifests } from './manifest.ts';
import { validateManifest } from './models.ts';

const kustomize = findKustomize();
const build = (folder: string, ...changes: Change[]): Manifest[] =>
  parseManifests(buildConfig(kustomize ?? [], folder, changes));
const find = (manifests: readonly Manifest[], kind: string) => manifests.find((manifest) => manifest.kind === kind);

// The other tests read rendered/, so that they run where there is no kustomize; only these need it.
const title = kustomize === undefined ? 'kustomize (skipped: no kustomize: see kustomize.io)' : 'kustomize';
describe.skipIf(kustomize === undefined)(title, () => {
  it.each(BUILDS)('builds %s to what rendered/ has: run `pnpm render` if this fails', (folder) => {
    expect(build(folder)).toEqual(readManifests(renderedFile(folder)));
  });

  it('takes the port from the ConfigMap', () => {
    const [dev, prod] = ['overlays/dev', 'overlays/prod'].map((folder) =>
      build(folder, { file: 'base/configmap.yaml', from: '"5000"', to: '"8080"' }),
    );
    for (const manifests of [dev, prod]) {
      const deployment = find(manifests ?? [], 'Deployment');
      expect(at(deployment, 'spec.template.spec.containers.0.ports')).toEqual([{ name: 'http', containerPort: 8080 }]);
    }
  });

  it('takes the image from the settings, wherever it stands', () => {
    const change = { file: 'settings/settings.yaml', from: 'ghcr.io/example/mini-api', to: 'registry.example/a/b' };
    expect(at(find(build('overlays/prod', change), 'Deployment'), 'spec.template.spec.containers.0.image')).toBe(
      'registry.example/a/b:0.1.0',
    );
    expect(at(find(build('flux', change), 'ImageRepository'), 'spec.image')).toBe('registry.example/a/b');
    expect(find(build('argo-cd', change), 'Application')?.metadata.annotations).toMatchObject({
      'argocd-image-updater.argoproj.io/image-list': 'mini-api=registry.example/a/b',
    });
  });

  it('takes a digest beside the tag, should an automation write one', () => {
    const digest = `sha256:${'0a'.repeat(32)}`;
    const change = {
      file: 'overlays/prod/kustomization.yaml',
      from: 'newTag: 0.1.0',
      to: `digest: ${digest}\n    newTag: 0.1.0`,
    };
    expect(at(find(build('overlays/prod', change), 'Deployment'), 'spec.template.spec.containers.0.image')).toBe(
      `ghcr.io/example/mini-api:0.1.0@${digest}`,
    );
  });

  it('rolls the pods of dev when the key changes', () => {
    const change = { file: 'overlays/dev/api-key.env', from: 'API_KEY=', to: 'API_KEY=another' };
    const names = [build('overlays/dev'), build('overlays/dev', change)].map((manifests) => [
      find(manifests, 'Secret')?.metadata.name,
      at(find(manifests, 'Deployment'), 'spec.template.spec.containers.0.env.1.valueFrom.secretKeyRef.name'),
    ]);
    expect(names[0]?.[0]).not.toBe(names[1]?.[0]);
    for (const [secret, reference] of names) expect(reference).toBe(secret);
  });

  it('builds prod with a sealed secret instead of an external one', () => {
    const change = {
      file: 'overlays/prod/kustomization.yaml',
      from: '- ../../components/external-secret',
      to: '- ../../components/sealed-secret',
    };
    const manifests = build('overlays/prod', change);
    manifests.forEach(validateManifest);
    expect(find(manifests, 'ExternalSecret')).toBeUndefined();
    expect(find(manifests, 'SealedSecret')?.metadata).toEqual({ name: 'mini-api-key', namespace: 'mini-api' });
  });
});
