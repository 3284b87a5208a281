import { acquireLease, type Lease } from '../ledger/lease.ts';
import type { Surroundings } from './given/surroundings.ts';
import { ensureIngressImage, type IngressImage } from './images/ensure-ingress-image.ts';

/** The lease of a rollout: taken when it is first needed. */
export interface Leasing {
  /** Takes the lease, once. */
  begin(): Promise<Lease>;
  /** Frees the lease if it was taken. */
  end(): Promise<void>;
}

export function leaseOf(
  surroundings: Surroundings,
  project: string,
  ingressImage: () => Promise<IngressImage>,
): Leasing {
  const { engine, clock, holder } = surroundings;
  let taking: Promise<Lease> | undefined;
  const take = async (): Promise<Lease> => {
    const image = await ensureIngressImage(surroundings, await ingressImage());
    return acquireLease(engine, clock, { project, image, holder });
  };
  return {
    begin() {
      taking ??= take();
      // A failure counts as handled, even if nothing awaits it yet.
      taking.catch(() => undefined);
      return taking;
    },
    async end() {
      await (await taking?.catch(() => undefined))?.unlock();
    },
  };
}
