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

/** The ingress image, and what to do before it is used. */
export interface IngressImage {
  readonly image: string;
  /** Undefined if it exists. */
  readonly build: ImageBuild | undefined;
  /** The user chose it, so it may lack something that an ingress needs. */
  readonly unchecked?: true;
}

/**
 * Finds the image for ingresses, leases and clean-ups, shared by all projects on an engine: the one in
 * LOBBIE_INGRESS_IMAGE, else the loaded one, else the one that lobbie builds.
 *
 * @param deployed a project that is recreated, scaled or removed: the image of its own ingresses, or the one in its
 * ledger, is good enough, so that nothing has to be pulled or built
 * @throws LobbieError `IMAGE_PULL_FAILED` if it, or its base, is missing and cannot be pulled
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
      `Or use an image of Debian trixie that is on the engine: LOBBIE_DEBIAN_IMAGE=<image> lobbie …\n${WITHOUT_BUILDING}`,
    );
  }
}

/** What to do if the image cannot be built. */
const WITHOUT_BUILDING = [
  'Or copy the image from a machine that can build it. There: lobbie ingress-image --save ingress.tar',
  'Here: lobbie ingress-image --load ingress.tar',
  'Or use an image with haproxy and socat: LOBBIE_INGRESS_IMAGE=<image> lobbie …',
].join('\n');

async function findNamed(pulls: Pulls, image: string): Promise<IngressImage> {
  try {
    await pulls.ensure(image, 'missing');
    return { image, build: undefined, unchecked: true };
  } catch (error) {
    throw pullFailureFor(error, 'LOBBIE_INGRESS_IMAGE names it.', 'Or unset LOBBIE_INGRESS_IMAGE: lobbie builds one.');
  }
}

/** The image of the project's own ingress, by its id if the name has moved. Never trusts only a name or a label. */
async function presentImage({ engine }: Surroundings, project: string): Promise<string | undefined> {
  for (const { image, imageId } of await ownContainers(engine, project, { [LABEL.role]: 'ingress' })) {
    if ((await engine.inspectImage(image))?.id === imageId) return image;
    if ((await engine.inspectImage(imageId)) !== undefined) return imageId;
  }
  const { ingressImage } = (await findLedger(engine, project)).ledger.state;
  return ingressImage !== null && (await engine.inspectImage(ingressImage)) !== undefined ? ingressImage : undefined;
}

/**
 * Builds the image if it is missing, or checks it if the user chose it. It belongs to no release, because the lease
 * needs it before a release begins.
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

/** lobbie could not distinguish its own containers of such an image from others. */
function refusePosing(image: string, found: ImageDetails | undefined): void {
  const labels = posingLabels(found?.labels ?? {});
  if (labels.length === 0) return;
  throw new LobbieError('INVALID_INPUT', `The ingress image ${image} has the labels ${labels.join(', ')}.`, {
    hint: 'They come from its base image. Use another base (LOBBIE_DEBIAN_IMAGE=<image>) or another image (LOBBIE_INGRESS_IMAGE=<image>).',
  });
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
