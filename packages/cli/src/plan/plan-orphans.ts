import { isAlive } from '../model/is-alive.ts';
import type { ObservedState } from '../model/observed.ts';
import { definitionsOf } from './definitions.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { endComposeContainers } from './plan-compose-containers.ts';
import { leaveIngress } from './plan-ingress.ts';
import { gives, type PortMove } from './port-moves.ts';
import { retireReplica } from './retire.ts';
import { makeWay } from './stop-first.ts';

/** Services that run but are no longer in the project. */
export function orphansOf({ project }: Desired, observed: ObservedState): string[] {
  const known = new Set([...project.services.map(({ name }) => name), ...project.inactive]);
  const there = [
    ...observed.replicas.map(({ replica }) => replica.service),
    ...observed.ingresses.map(({ service }) => service),
    ...observed.composeContainers.map(({ service }) => service),
  ];
  return [...new Set(there)].filter((name) => !known.has(name)).toSorted();
}

/** Ends a service: its ingress first, then the containers behind it. */
export function endService(
  name: string,
  desired: Desired,
  observed: ObservedState,
  moves: readonly PortMove[],
  based: readonly string[],
): ServiceSteps {
  const reason = 'the project no longer has this service';
  const definitions = definitionsOf(name, desired, observed);
  const ingresses = observed.ingresses.filter(({ service }) => service === name);
  const replicas = observed.replicas.filter(({ replica }) => replica.service === name);
  const composeContainers = observed.composeContainers.filter(({ service }) => service === name);
  const ingress = leaveIngress(ingresses, reason, { based, early: gives(moves, name, 'ingress'), definitions });
  const stops = gives(moves, name, 'replicas')
    ? replicas
        .filter(isAlive)
        .flatMap((old) => makeWay([old], based, 'its ports are needed', { slots: undefined, definitions }))
    : [];
  const first = ingress.after.map(({ id }) => id);
  const rest = [
    ...replicas.map((old) => retireReplica(old, reason, definitions)),
    ...endComposeContainers(composeContainers, reason, definitions),
  ];
  return {
    before: [...ingress.before, ...stops],
    after: [...ingress.after, ...rest.map((planned) => ({ ...planned, after: [...planned.after, ...first] }))],
  };
}
