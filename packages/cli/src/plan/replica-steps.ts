import type { ObservedReplica } from '../model/observed.ts';
import type { PlannedStep, Step } from '../model/plan.ts';
import { replicaName, type Service } from '../model/project.ts';
import type { Place, Slots } from './place.ts';

/** A container that runs passes its gate, and only then gets requests. */
export function prove(
  { replica, old }: Place,
  container: string,
  service: Service,
  slots: Slots,
  { after, reason }: Pick<PlannedStep, 'after'> & Pick<Step, 'reason'>,
): PlannedStep[] {
  const name = replicaName(replica);
  const steps: PlannedStep[] = [
    {
      id: `gate ${name}`,
      after,
      step: { kind: 'gate-replica', replica, container, reason: 'it has to prove that it works' },
    },
  ];
  if (slots !== undefined)
    steps.push({
      id: `admit ${name}`,
      after: [`gate ${name}`],
      step: { kind: 'admit-replica', replica, container, reason },
    });
  if (service.report !== undefined) {
    steps.push({
      id: `ask ${name}`,
      after: [`gate ${name}`],
      step: {
        kind: 'ask-replica',
        replica,
        container,
        path: service.report,
        ...(old[0] && { replaces: old[0].container }),
        reason: 'for the receipt',
      },
    });
  }
  return steps;
}

/** Takes a container out of the ingress, where it is in there. */
export function drain(old: ObservedReplica, reason: string, after: readonly string[], slots: Slots): PlannedStep[] {
  const slot = slots?.find((one) => one?.container === old.container);
  // What does not run has no request in flight.
  if (!slot || ['created', 'exited', 'dead'].includes(old.state)) return [];
  const { replica, container } = old;
  const idle = slot.state === 'drain' || old.state !== 'running';
  return [
    {
      id: `drain ${container}`,
      after,
      step: { kind: 'drain-replica', replica, container, reason, ...(idle && { idle }) },
    },
  ];
}
