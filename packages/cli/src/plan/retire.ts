import type { ObservedIngress, ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';

/** Stops and removes a container that no request reaches any more. */
export const retireReplica = ({ replica, container }: ObservedReplica, reason: string): PlannedStep => ({
  id: `retire ${container}`,
  after: [],
  step: { kind: 'retire-replica', replica, container, reason },
});

/** Removes an ingress container that has been taken over from. */
export const removeIngress = ({ service, container }: ObservedIngress, reason: string): PlannedStep => ({
  id: `remove ${container}`,
  after: [],
  step: { kind: 'remove-ingress', service, container, reason },
});
