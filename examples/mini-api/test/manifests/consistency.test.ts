import { describe, expect, it } from 'vitest';
import { renderedFile } from './kustomize.ts';
import { at, type Manifest, readManifests } from './manifest.ts';

const OVERLAYS = ['overlays/dev', 'overlays/prod'] as const;
const built = new Map(
  [...OVERLAYS, 'flux', 'argo-cd'].map((folder) => [folder, readManifests(renderedFile(folder))] as const),
);

/** The one object of a kind in what a folder builds to. */
function only(folder: string, kind: string): Manifest {
  const found = built.get(folder)?.filter((manifest) => manifest.kind === kind) ?? [];
  expect(found, `${kind} in ${folder}`).toHaveLength(1);
  return found[0] as Manifest;
}

const pod = (folder: string) => at(only(folder, 'Deployment'), 'spec.template');
const container = (folder: string) => at(pod(folder), 'spec.containers.0');
const prodImage = () => String(at(container('overlays/prod'), 'image'));

describe.each(OVERLAYS)('%s', (folder) => {
  it('has one port: of the ConfigMap, the container, the Service and every probe', () => {
    const port = Number(at(only(folder, 'ConfigMap'), 'data.FLASK_PORT'));
    expect(port).toBeGreaterThan(1023);
    expect(at(container(folder), 'ports')).toEqual([{ name: 'http', containerPort: port }]);
    expect(at(only(folder, 'Service'), 'spec.ports')).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      expect(at(container(folder), `${probe}.httpGet.port`), probe).toBe('http');
    }
  });

  it('asks /health whether a pod lives and is ready, and /ready whether it has started', () => {
    const paths = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) =>
      at(container(folder), `${probe}.httpGet.path`),
    );
    expect(paths).toEqual(['/health', '/health', '/ready']);
  });

  it('refers to a ConfigMap and a Secret that it makes, and holds no key', () => {
    const secret = folder === 'overlays/dev' ? only(folder, 'Secret') : undefined;
    expect(at(container(folder), 'env')).toEqual([
      {
        name: 'FLASK_PORT',
        valueFrom: { configMapKeyRef: { name: only(folder, 'ConfigMap').metadata.name, key: 'FLASK_PORT' } },
      },
      {
        name: 'API_KEY',
        valueFrom: {
          secretKeyRef: {
            name: secret?.metadata.name ?? at(only(folder, 'ExternalSecret'), 'spec.target.name'),
            key: 'API_KEY',
          },
        },
      },
    ]);
    expect(secret === undefined || at(secret, 'data.API_KEY')).toBe(secret === undefined || '');
  });

  it('selects its own pods, wherever it selects any', () => {
    const labels = at(pod(folder), 'metadata.labels');
    const selectors = [
      at(only(folder, 'Deployment'), 'spec.selector.matchLabels'),
      at(only(folder, 'Service'), 'spec.selector'),
      at(pod(folder), 'spec.topologySpreadConstraints.0.labelSelector.matchLabels'),
      ...(folder === 'overlays/prod' ? [at(only(folder, 'PodDisruptionBudget'), 'spec.selector.matchLabels')] : []),
    ];
    for (const selector of selectors) {
      expect(Object.keys(selector as object).length).toBeGreaterThan(0);
      expect(labels).toMatchObject(selector as object);
    }
  });

  it('is all in the one namespace that it makes, where pods have to be restricted', () => {
    const { metadata } = only(folder, 'Namespace');
    expect(at(metadata, 'labels')).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const others = (built.get(folder) ?? []).filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(others.map((manifest) => manifest.metadata.namespace))).toEqual(new Set([metadata.name]));
  });

  it('runs as the user of the image, without any right', () => {
    expect(at(pod(folder), 'spec')).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(at(container(folder), 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('never has fewer pods than asked for while it rolls, and lets each finish its requests', () => {
    expect(at(only(folder, 'Deployment'), 'spec.strategy')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    const graceSeconds = Number(at(pod(folder), 'spec.terminationGracePeriodSeconds'));
    const preStopSeconds = Number(at(container(folder), 'lifecycle.preStop.sleep.seconds'));
    // The service ends within 10 s of SIGTERM.
    expect(graceSeconds - preStopSeconds).toBeGreaterThan(10);
  });

  it('bounds what a pod takes', () => {
    expect(at(container(folder), 'resources')).toMatchObject({ requests: { cpu: '50m' }, limits: { memory: '128Mi' } });
  });
});

describe('prod', () => {
  it('can lose a node: several pods, spread, and drained one at a time', () => {
    expect(at(only('overlays/prod', 'Deployment'), 'spec.replicas')).toBe(3);
    expect(at(only('overlays/prod', 'PodDisruptionBudget'), 'spec.maxUnavailable')).toBe(1);
  });
});

describe('Flux', () => {
  it('reads the images that prod runs, and applies the newest of those that the policy takes', () => {
    const [image, tag = ''] = prodImage().split(':');
    expect(at(only('flux', 'ImageRepository'), 'spec.image')).toBe(image);
    const policy = only('flux', 'ImagePolicy');
    expect(at(policy, 'spec.imageRepositoryRef.name')).toBe(only('flux', 'ImageRepository').metadata.name);
    expect(tag).toMatch(new RegExp(String(at(policy, 'spec.filterTags.pattern'))));
  });

  it('reads from and writes to one repository, branch and folder', () => {
    const repository = only('flux', 'GitRepository');
    const automation = only('flux', 'ImageUpdateAutomation');
    const kustomization = only('flux', 'Kustomization');
    const source = { kind: 'GitRepository', name: repository.metadata.name };
    expect([at(automation, 'spec.sourceRef'), at(kustomization, 'spec.sourceRef')]).toEqual([source, source]);
    const branch = at(repository, 'spec.ref.branch');
    expect([at(automation, 'spec.git.checkout.ref.branch'), at(automation, 'spec.git.push.branch')]).toEqual([
      branch,
      branch,
    ]);
    expect(at(automation, 'spec.update.path')).toBe(at(kustomization, 'spec.path'));
  });
});

describe('Argo CD', () => {
  const application = only('argo-cd', 'Application');
  const annotation = (name: string) =>
    application.metadata.annotations?.[`argocd-image-updater.argoproj.io/${name}`] ?? '';
  const [alias = '', image] = annotation('image-list').split('=');

  it('updates the image that prod runs, by the same rule as Flux', () => {
    expect(image).toBe(prodImage().split(':')[0]);
    expect(annotation(`${alias}.update-strategy`)).toBe('semver');
    expect(annotation(`${alias}.allow-tags`)).toBe(
      `regexp:${at(only('flux', 'ImagePolicy'), 'spec.filterTags.pattern')}`,
    );
  });

  it('writes to where it reads from', () => {
    expect(annotation('write-back-method')).toMatch(/^git:secret:argocd\//);
    expect(annotation('write-back-target')).toBe('kustomization');
    expect(annotation('git-branch')).toBe(at(application, 'spec.source.targetRevision'));
  });

  it('deploys what Flux deploys, into the namespace of the overlay', () => {
    expect(at(application, 'spec.source')).toEqual({
      repoURL: at(only('flux', 'GitRepository'), 'spec.url'),
      targetRevision: at(only('flux', 'GitRepository'), 'spec.ref.branch'),
      path: at(only('flux', 'Kustomization'), 'spec.path'),
    });
    expect(at(application, 'spec.destination.namespace')).toBe(only('overlays/prod', 'Namespace').metadata.name);
  });
});
