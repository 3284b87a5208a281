import type { PlannedStep, Step } from '../model/plan.ts';
import type { AddressMoves } from './address-moves.ts';
import type { ServiceSteps } from './desired.ts';

type Making = Extract<Step, { kind: 'create-replica' | 'start-replica' | 'run-job' }>;

/** A step that makes a container, with the services whose name has to lead that to an ingress. */
export function callingOf(planned: PlannedStep, { viaIngress }: AddressMoves): PlannedStep {
  const { step } = planned;
  const names = isMaking(step) ? viaIngress.get(step.replica.service) : undefined;
  return names === undefined || !isMaking(step) ? planned : { ...planned, step: { ...step, viaIngress: names } };
}

/** Ids of the steps that start the ingresses which a container calls, where it cannot wait for what is behind them. */
export function ingressesBefore(
  { step }: PlannedStep,
  { beside }: AddressMoves,
  planned: ReadonlyMap<string, ServiceSteps>,
): string[] {
  if (step.kind !== 'start-replica' && step.kind !== 'run-job') return [];
  return (beside.get(step.replica.service) ?? []).flatMap((name) => {
    const steps = planned.get(name)?.before ?? [];
    // Where the ports belong to containers of `docker compose up`, the ingress itself may wait for this one.
    if (steps.some((one) => one.step.kind === 'stop-former')) return [];
    return steps.filter((one) => one.step.kind === 'start-ingress').map(({ id }) => id);
  });
}

const isMaking = (step: Step): step is Making =>
  step.kind === 'create-replica' || step.kind === 'start-replica' || step.kind === 'run-job';
