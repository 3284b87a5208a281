import type { ObservedIngress, ObservedReplica } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { replicaName } from '../model/service.ts';
import { type Definitions, nameInput, retireInput } from './definitions.ts';

/** Stops and removes a container that gets no more requests. */
export const retireReplica = (
  { replica, container }: Pick<ObservedReplica, 'replica' | 'container'>,
  reason: string,
  definitions: Definitions,
): PlannedStep => ({
  id: `retire ${container}`,
  after: [],
  place: replicaName(replica),
  step: { kind: 'retire-replica', replica, container, input: retireInput(definitions), reason },
});

/** Stops an ingress if it runs, after its requests have finished. */
export function stopIngress(
  { service, container, state }: ObservedIngress,
  reason: string,
  definitions: Definitions,
): PlannedStep[] {
  const undo = nameInput(definitions, container);
  return state === 'running'
    ? [{ id: `stop-ingress ${container}`, after: [], step: { kind: 'stop-ingress', service, container, undo, reason } }]
    : [];
}

/** Removes an ingress container after its successor took over. */
export const removeIngress = ({ service, container }: ObservedIngress, reason: string): PlannedStep => ({
  id: `remove-ingress ${container}`,
  after: [],
  step: { kind: 'remove-ingress', service, container, reason },
});

/** Ends an ingress without a successor: its requests first, then its container. */
export function endIngress(old: ObservedIngress, reason: string, definitions: Definitions): PlannedStep[] {
  const stops = stopIngress(old, reason, definitions);
  return [...stops, { ...removeIngress(old, reason), after: stops.map(({ id }) => id) }];
}
