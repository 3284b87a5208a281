import type { Step } from '../model/plan.ts';
import { type RolloutContext, serviceOf } from './context.ts';
import { createReplica } from './create-replica.ts';

/**
 * Starts a replica's container, and makes it where no step did. It is in the ledger before it runs, so that no way of
 * dying loses it. Gives the container's id.
 */
export async function startReplica(
  context: RolloutContext,
  step: Pick<Extract<Step, { kind: 'start-replica' }>, 'replica' | 'container' | 'spec'>,
): Promise<string> {
  const { engine, ledger, clock, release, made, postponed } = context;
  const { replica, container } = step;
  const id = made.get(container) ?? (await createReplica(context, postponed.get(container) ?? step));
  await ledger.recordContainer({
    id,
    name: container,
    replica,
    release,
    image: serviceOf(context, replica.service).image,
    startedAtMs: clock.now(),
  });
  await engine.startContainer(id);
  return id;
}
