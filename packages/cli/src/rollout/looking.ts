import { findLedger } from '../ledger/find-ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SecretMask } from '../model/secret-mask.ts';
import type { RolloutRequest } from './given/request.ts';
import type { Surroundings } from './given/surroundings.ts';
import { findIngressImage, type IngressImage } from './images/ensure-ingress-image.ts';
import { type Prepared, prepare } from './prepare.ts';

/** Plans one release, as often as needed. */
export interface Looking {
  readonly request: RolloutRequest;
  /** The ledger at the beginning. */
  readonly ledger: Ledger;
  /** Finds the image of the ingresses, once. A plan without steps does not need it. */
  ingressImage(): Promise<IngressImage>;
  /** Plans from the current state. */
  look(ledger: Ledger, request: RolloutRequest): Promise<Prepared>;
}

/** Finds what does not change from one look to the next: the image of the ingresses, and the id of the new release. */
export async function openLooking(surroundings: Surroundings, request: RolloutRequest): Promise<Looking> {
  const { engine, newRelease, secrets } = surroundings;
  const { project, asDeployed } = request;
  secrets.learn(project);
  const ledger = request.ledger ?? (await findLedger(engine, project.name)).ledger;
  learnReleases(secrets, ledger);
  const release = newRelease();
  let finding: Promise<IngressImage> | undefined;
  return {
    request,
    ledger,
    ingressImage() {
      finding ??= findIngressImage(surroundings, asDeployed ? project.name : undefined);
      return finding;
    },
    look: (known, wanted) => {
      learnReleases(secrets, known);
      return prepare(surroundings, wanted, known, release);
    },
  };
}

/** Masks the secrets of the deployed and the running release: containers have those of their own release. */
export function learnReleases(secrets: SecretMask, { state: { current, running } }: Ledger): void {
  for (const release of [current, running]) if (release !== null) secrets.learn(release.project);
}

/** The same request, with nothing built yet. */
export const builtLater = (request: RolloutRequest): RolloutRequest => ({
  ...request,
  images: { ...request.images, build: request.images?.build === 'never' ? 'never' : 'later' },
});
