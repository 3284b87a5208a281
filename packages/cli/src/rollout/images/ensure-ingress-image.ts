import { createHash } from 'node:crypto';
import { readDockerfile } from '../../engine/read-dockerfile.ts';
import { findLedger } from '../../ledger/find-ledger.ts';
import { ownContainers } from '../../ledger/own-containers.ts';
import { LobbieError, reworded } from '../../model/errors.ts';
import type { ImageBuild, ImageDetails } from '../../model/image.ts';
import { LABEL } from '../../model/names.ts';
import { posingLabels } from '../../model/reserved.ts';
import type { Surroundings } from '../given/surroundings.ts';
import { buildImage } from './build-image.ts';
import { checkIngressImage } from './check-ingress-image.ts';
import { type Pulls, pullFailureFor, pullsOf } from './ensure-pulled.ts';
import { resolveBuild } from './resolve-build.ts';

/** The ingress's image, and what has to be done before it is used. */
export interface IngressImage {
  readonly image: string;
  /** Undefined where it is there already. */
  readonly build: ImageBuild | undefined;
  /** The user named it: it may lack what an ingress needs. */
  readonly unchecked?: true;
}

/**
 * Looks for the image that ingresses, leases and clean-ups run; shared by all projects of an engine. The one that
 * LOBBIE_INGRESS_IMAGE names, else the one that was loaded, else the one that is built.
 *
 * @param deployed a project that is recreated, scaled or removed: the image of its own ingresses will do, or the one
 * that its ledger has recorded, so that nothing has to be pulled or built for it
 * @throws LobbieError `IMAGE_PULL_FAILED` where it, or its base, is missing and cannot be had
 */
export async function findIngressImage(surroundings: Surroundings, deployed?: string): Promise<IngressImage> {
  const { engine, ingressBuild, namedIngressImage } = surroundings;
  const pulls = pullsOf(surroundings);
  if (namedIngressImage !== undefined) return findNamed(pulls, namedIngressImage);
  const present = deployed === undefined ? undefined : await presentImage(surroundings, deployed);
  if (present !== undefined) return { image: present, build: undefined };
  const loaded = await loadedIngressImage(ingressBuild);
  if (await engine.inspectImage(loaded)) return { image: loaded, build: undefined };
  try {
    const name = INGRESS_IMAGE_NAME;
    const { image, existing, build } = await resolveBuild(surroundings, pulls, name, ingressBuild, { labels: {} });
    return { image, build: existing === undefined ? build : undefined };
  } catch (error) {
    throw pullFailureFor(
      error,
      "The image of lobbie's ingresses is built on it.",
      `Or name an image of Debian trixie that the engine has: LOBBIE_DEBIAN_IMAGE=<image> lobbie …\n${WITHOUT_BUILDING}`,
    );
  }
}

/** What helps where the image cannot be built. */
const WITHOUT_BUILDING = [
  'Or bring the image from a machine that can build it. There: lobbie ingress-image --save ingress.tar',
  'Here: lobbie ingress-image --load ingress.tar',
  'Or name an image that has haproxy and socat: LOBBIE_INGRESS_IMAGE=<image> lobbie …',
].join('\n');

async function findNamed(pulls: Pulls, image: string): Promise<IngressImage> {
  try {
    await pulls.ensure(image, 'missing');
    return { image, build: undefined, unchecked: true };
  } catch (error) {
    throw pullFailureFor(error, 'LOBBIE_INGRESS_IMAGE names it.', 'Or unset LOBBIE_INGRESS_IMAGE: lobbie builds one.');
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

/**
 * Builds it where it is missing, or checks it where the user named it. It belongs to no release: the lease needs it
 * before any begins.
 *
 * @throws LobbieError `IMAGE_BUILD_FAILED`, `INGRESS_IMAGE_UNFIT`
 */
export async function ensureIngressImage(
  surroundings: Surroundings,
  { image, build, unchecked }: IngressImage,
): Promise<string> {
  const { engine } = surroundings;
  if (unchecked) await checkIngressImage(surroundings, image, `Image ${image}, which LOBBIE_INGRESS_IMAGE names,`);
  if (build !== undefined) {
    await buildImage(surroundings, image, build).catch((error: unknown) => {
      throw buildFailureOf(error);
    });
  }
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
      hint: 'Its base brings them. Name another base (LOBBIE_DEBIAN_IMAGE=<image>), or another image (LOBBIE_INGRESS_IMAGE=<image>).',
    },
  );
}

function buildFailureOf(error: unknown): unknown {
  if (!(error instanceof LobbieError) || error.code !== 'IMAGE_BUILD_FAILED') return error;
  const unreachable = error.facts.packagesUnreachable;
  return reworded(error, {
    message: unreachable
      ? "The image of lobbie's ingresses cannot be built: the engine's builds cannot reach Debian's mirrors, where haproxy and socat come from."
      : `The image of lobbie's ingresses cannot be built. ${error.message}`,
    hint: `${unreachable ? 'Check the network of the engine, and the proxy of its builds.\n' : ''}${WITHOUT_BUILDING}`,
  });
}

/** Name of the images of ingresses; their tags are hashes. */
export const INGRESS_IMAGE_NAME = 'lobbie-ingress';

/**
 * The name under which this lobbie's ingress image is carried from one engine to another: the hash of its Dockerfile.
 * Unlike the tag of a build it leaves out the base image, which the other engine need not have.
 */
export async function loadedIngressImage(build: Surroundings['ingressBuild']): Promise<string> {
  const hash = createHash('sha256').update(await readDockerfile(build));
  return `${INGRESS_IMAGE_NAME}:loaded-${hash.digest('hex').slice(0, 16)}`;
}
