import { LobbieError } from '../../model/errors.ts';
import type { ReplicaId } from '../../model/service.ts';
import { ingressOf, type SessionContext } from './ingress-container.ts';

/**
 * Tells the ingress of a service, where one runs, of a replica before it works: what it sends to the service's own name
 * is its own from then on. To be told before the start, so that the first connection is right, and again when the
 * container has addresses.
 */
export async function recogniseReplica(
  context: SessionContext,
  { service }: ReplicaId,
  container: string,
): Promise<void> {
  try {
    const ingress = await ingressOf(context, service);
    if (ingress === undefined) return;
    const details = await context.engine.inspectContainer(container);
    // A name that the engine's DNS does not know yet takes the address away again.
    await ingress.recognise(container, details?.state === 'running' ? details.heldAddresses : {});
  } catch (error) {
    // One that stops, or does not work, is the business of the steps that need it: to be admitted does the same.
    if (!(error instanceof LobbieError) || error.code !== 'INGRESS_FAILED') throw error;
  }
}
