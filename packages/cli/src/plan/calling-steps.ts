import { ingressAlias } from '../model/names.ts';
import { namesOf } from '../model/names-of.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import type { Step } from '../model/step.ts';
import type { AddressMoves } from './address-moves.ts';
import type { ServiceSteps } from './desired.ts';

type Making = Extract<Step, { kind: 'create-replica' | 'start-replica' | 'run-job' }>;

/** A step that creates a container, with the services whose name must lead to an ingress from there. */
export function callingOf(planned: PlannedStep, { viaIngress }: AddressMoves, project: Project): PlannedStep {
  const { step } = planned;
  const names = isMaking(step) ? viaIngress.get(step.replica.service) : undefined;
  if (names === undefined || !isMaking(step)) return planned;
  const input = { ...step.input, links: linksTo(names, step.input.service, project) };
  return { ...planned, step: { ...step, viaIngress: names, input } };
}

/**
 * For each network of a service, names of other services that lead this container to their ingresses. On the network
 * itself, containers of `docker compose up` and containers without an ingress also have these names until the end of
 * the rollout.
 */
const linksTo = (names: readonly string[], { networks }: Service, { name: project, services }: Project): string[][] =>
  networks.map(({ key }) =>
    services
      .filter(({ name }) => names.includes(name))
      .filter((service) => service.networks.some((network) => network.key === key))
      .flatMap((service) => namesOf(service, key).map((name) => `${ingressAlias(project, service.name)}:${name}`)),
  );

/** Ids of the steps that start the ingresses that a container calls, if it cannot wait for the services behind them. */
export function ingressesBefore(
  { step }: PlannedStep,
  { beside }: AddressMoves,
  planned: ReadonlyMap<string, ServiceSteps>,
): string[] {
  if (step.kind !== 'start-replica' && step.kind !== 'run-job') return [];
  return (beside.get(step.replica.service) ?? []).flatMap((name) => {
    const steps = planned.get(name)?.before ?? [];
    // If containers of `docker compose up` hold the ports, the ingress itself may wait for this one.
    if (steps.some((one) => one.step.kind === 'stop-former')) return [];
    return steps.filter((one) => one.step.kind === 'start-ingress').map(({ id }) => id);
  });
}

const isMaking = (step: Step): step is Making =>
  step.kind === 'create-replica' || step.kind === 'start-replica' || step.kind === 'run-job';
