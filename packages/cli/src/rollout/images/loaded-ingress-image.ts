import { createHash } from 'node:crypto';
import { readDockerfile } from '../../engine/read-dockerfile.ts';
import type { Surroundings } from '../given/surroundings.ts';

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
