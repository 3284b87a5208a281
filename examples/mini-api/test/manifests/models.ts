import { Application } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import { ExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret';
import { ImagePolicy } from '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImagePolicy';
import { ImageRepository } from '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImageRepository';
import { ImageUpdateAutomation } from '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImageUpdateAutomation';
import { Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization';
import { GitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/GitRepository';
import { SealedSecret } from '@kubernetes-models/sealed-secrets/bitnami.com/v1alpha1/SealedSecret';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import type { Manifest } from './manifest.ts';

/** A kind with its published schema, and the module that has its types. */
interface Model {
  readonly apiVersion: string;
  readonly kind: string;
  new (manifest: never): { validate(): void };
}

const MODELS: readonly (readonly [model: Model, module: string])[] = [
  [Application, '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application'],
  [ConfigMap, 'kubernetes-models/v1/ConfigMap'],
  [Deployment, 'kubernetes-models/apps/v1/Deployment'],
  [ExternalSecret, '@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret'],
  [GitRepository, '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/GitRepository'],
  [ImagePolicy, '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImagePolicy'],
  [ImageRepository, '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImageRepository'],
  [ImageUpdateAutomation, '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImageUpdateAutomation'],
  [Kustomization, '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization'],
  [Namespace, 'kubernetes-models/v1/Namespace'],
  [PodDisruptionBudget, 'kubernetes-models/policy/v1/PodDisruptionBudget'],
  [SealedSecret, '@kubernetes-models/sealed-secrets/bitnami.com/v1alpha1/SealedSecret'],
  [Secret, 'kubernetes-models/v1/Secret'],
  [Service, 'kubernetes-models/v1/Service'],
];

/** @throws Error that names the path of a value that the kind's schema refuses, or a kind that has none here */
export function validateManifest(manifest: Manifest): void {
  const [Model] = modelOf(manifest);
  // What it is given is not known to be right: that is what it is asked.
  new Model(manifest as never).validate();
}

/** TypeScript that compiles only where no object has a field that its kind does not have: schemas let these pass. */
export const typedManifests = (manifests: readonly Manifest[]): string =>
  manifests
    .map((manifest, index) => {
      const [, module] = modelOf(manifest);
      const type = `import('${module}').I${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest, null, 2)};\n`;
    })
    .join('\n');

function modelOf({ apiVersion, kind }: Manifest): readonly [Model, string] {
  const found = MODELS.find(([model]) => model.apiVersion === apiVersion && model.kind === kind);
  if (found === undefined) throw new Error(`There is no schema here for ${kind} of ${apiVersion}.`);
  return found;
}
