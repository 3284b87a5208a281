import type { ImageBuild } from '../model/image.ts';
import { LABEL } from '../model/names.ts';
import type { Surroundings } from './context.ts';
import { pullsOf } from './ensure-pulled.ts';
import { resolveBuild } from './resolve-build.ts';
import { tellImage } from './tell-image.ts';

/** The ingress's image, and how to build it where it is missing. */
export interface IngressImage {
  readonly image: string;
  /** Undefined where it is there already. */
  readonly build: ImageBuild | undefined;
}

/**
 * Looks for the image that ingresses, leases and clean-ups run; shared by all projects of an engine.
 *
 * @param deployed a project whose ingress's image serves as it is: its base need not be at hand to recreate or remove
 */
export async function findIngressImage(surroundings: Surroundings, deployed?: string): Promise<IngressImage> {
  const { engine } = surroundings;
  if (deployed !== undefined) {
    const [ingress] = await engine.listContainers({ [LABEL.project]: deployed, [LABEL.role]: 'ingress' });
    if (ingress && (await engine.inspectImage(ingress.image))) return { image: ingress.image, build: undefined };
  }
  const pulls = pullsOf(surroundings);
  const { image, existing, build } = await resolveBuild(
    surroundings,
    pulls,
    'lobbie-ingress',
    surroundings.ingressBuild,
    {
      labels: {},
    },
  );
  return { image, build: existing === undefined ? build : undefined };
}

/** Builds it where it is missing. It belongs to no release: the lease needs it before any begins. */
export async function ensureIngressImage(surroundings: Surroundings, { image, build }: IngressImage): Promise<string> {
  const { engine, signal } = surroundings;
  if (build === undefined) return image;
  await tellImage(surroundings, image, 'build', (onProgress) => engine.buildImage(build, onProgress, signal));
  return image;
}
