import { findLedger } from '../ledger/find-ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RolloutRequest } from './given/request.ts';
import type { Surroundings } from './given/surroundings.ts';
import { findIngressImage, type IngressImage } from './images/ensure-ingress-image.ts';
import { type Prepared, prepare } from './prepare.ts';

/** Plans one release, as often as needed. */
export interface Looking {
  readonly request: RolloutRequest;
  /** The ledger at the beginning. */
  readonly ledger: Ledger;
  readonly ingressImage: IngressImage;
  /** Plans from the current state. */
  look(ledger: Ledger, request: RolloutRequest): Promise<Prepared>;
}

/** Finds what does not change from one look to the next: the image of the ingresses, and the id of the new release. */
export async function openLooking(surroundings: Surroundings, request: RolloutRequest): Promise<Looking> {
  const { engine, newRelease, secrets } = surroundings;
  const { project, asDeployed } = request;
  secrets.learn(project);
  const [ledger, ingressImage] = await Promise.all([
    request.ledger ?? findLedger(engine, project.name).then((found) => found.ledger),
    findIngressImage(surroundings, asDeployed ? project.name : undefined),
  ]);
  // Running containers have the secrets of their own release.
  for (const { project: deployed } of [ledger.state.current, ledger.state.running].filter((one) => one !== null))
    secrets.learn(deployed);
  const release = newRelease();
  return {
    request,
    ledger,
    ingressImage,
    look: (known, wanted) => prepare(surroundings, wanted, known, ingressImage, release),
  };
}

/** The same request, with nothing built yet. */
export const builtLater = (request: RolloutRequest): RolloutRequest => ({
  ...request,
  images: { ...request.images, build: request.images?.build === 'never' ? 'never' : 'later' },
});
