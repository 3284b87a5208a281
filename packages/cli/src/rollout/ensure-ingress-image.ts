import { findLedger } from '../ledger/find-ledger.ts';
import { ownContainers } from '../ledger/own-containers.ts';
import { LobbieError } from '../model/errors.ts';
import type { ImageBuild, ImageDetails } from '../model/image.ts';
import { LABEL } from '../model/names.ts';
import { posingLabels } from '../model/reserved.ts';
import type { Surroundings } from './context.ts';
import { pullFailureFor, pullsOf } from './ensure-pulled.ts';
import { resolveBuild } from './resolve-build.ts';
import { tellImage } from './tell-image.ts';

/** The ingress's image, and how to build it where it is missing. */
export interface IngressImage {
  readonly image: string;
  /** Undefined where it is there already. */
  readonly build: ImageBuild | undefined;
}

const NAME = 'lobbie-ingress';

/**
 * Looks for the image that ingresses, leases and clean-ups run; shared by all projects of an engine.
 *
 * @param deployed a project that is recreated, scaled or removed: the image of its own ingresses will do, or the one
 * that its ledger has recorded, so that nothing has to be pulled or built for it
 * @throws LobbieError `IMAGE_PULL_FAILED` where its base is missing and cannot be had
 */
export async function findIngressImage(surroundings: Surroundings, deployed?: string): Promise<IngressImage> {
  const present = deployed === undefined ? undefined : await presentImage(surroundings, deployed);
  if (present !== undefined) return { image: present, build: undefined };
  const { ingressBuild } = surroundings;
  try {
    const pulls = pullsOf(surroundings);
    const { image, existing, build } = await resolveBuild(surroundings, pulls, NAME, ingressBuild, { labels: {} });
    return { image, build: existing === undefined ? build : undefined };
  } catch (error) {
    throw pullFailureFor(
      error,
      "The image of lobbie's ingresses is built on it.",
      'Or name an image of Debian trixie that the engine has: LOBBIE_DEBIAN_IMAGE=<image> lobbie …',
    );
  }
}

/** What the project's own ingress runs, by its id where its name means another image by now; never just a name or label. */
async function presentImage({ engine }: Surroundings, project: string): Promise<string | undefined> {
  for (const { image, imageId } of await ownContainers(engine, project, { [LABEL.role]: 'ingress' })) {
    if ((await engine.inspectImage(image))?.id === imageId) return image;
    if ((await engine.inspectImage(imageId)) !== undefined) return imageId;
  }
  const { ingressImage } = (await findLedger(engine, project)).ledger.state;
  return ingressImage !== null && (await engine.inspectImage(ingressImage)) !== undefined ? ingressImage : undefined;
}

/** Builds it where it is missing. It belongs to no release: the lease needs it before any begins. */
export async function ensureIngressImage(surroundings: Surroundings, { image, build }: IngressImage): Promise<string> {
  const { engine, signal } = surroundings;
  if (build !== undefined)
    await tellImage(surroundings, image, 'build', (onProgress) => engine.buildImage(build, onProgress, signal));
  refusePosing(image, await engine.inspectImage(image));
  return image;
}

/** lobbie could not tell its own containers of such an image from those of others. */
function refusePosing(image: string, found: ImageDetails | undefined): void {
  const labels = posingLabels(found?.labels ?? {});
  if (labels.length === 0) return;
  throw new LobbieError(
    'INVALID_INPUT',
    `Image ${image} of lobbie's ingresses carries the labels ${labels.join(', ')}.`,
    {
      hint: 'Its base brings them. Name another image of Debian trixie: LOBBIE_DEBIAN_IMAGE=<image> lobbie …',
    },
  );
}
