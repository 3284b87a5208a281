import { LobbieError } from '../../model/errors.ts';
import type { ReplicaId } from '../../model/service.ts';
import { ingressOf, type SessionContext } from './ingress-container.ts';

/**
 * Tells a service's running ingress about a replica before it works: connections from it to its own service's name then
 * come back to it. Called before the start, so that the first connection is right, and again when the container has
 * addresses.
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
    // A name that the engine's DNS does not know yet would remove the address again.
    await ingress.recognise(container, details?.state === 'running' ? details.heldAddresses : {});
  } catch (error) {
    // An ingress that stops or does not work is reported by the steps that need it.
    if (!(error instanceof LobbieError) || error.code !== 'INGRESS_FAILED') throw error;
  }
}
