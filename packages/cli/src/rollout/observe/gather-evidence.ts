import type { LimitFunction } from 'p-limit';
import { askSpoken } from '../../ingress/ask-spoken.ts';
import type { IngressPlace } from '../../ingress/runtime-session.ts';
import type { Engine } from '../../model/engine.ts';
import type { ObservedIngress, ObservedState } from '../../model/observed.ts';
import type { Plan } from '../../model/plan.ts';
import type { Project } from '../../model/project.ts';
import { asksForIngress, hasIngress, mayHaveIngress, type Service } from '../../model/service.ts';
import type { Evidence } from '../../plan/decide-front.ts';
import type { Desired } from '../../plan/desired.ts';
import { isCompleted } from '../../plan/place.ts';
import { dataOf, rollingOf } from '../../plan/rolling-of.ts';
import { listeningSockets, servedPorts } from './listening-sockets.ts';

/** By service name: what running containers show about whether the service needs an ingress. */
export async function gatherEvidence(
  { engine, checks }: { readonly engine: Engine; readonly checks: LimitFunction },
  { services }: Project,
  traits: Desired['traits'],
  observed: ObservedState,
): Promise<ReadonlyMap<string, Evidence>> {
  const before = new Map(observed.current?.project.services.map((service) => [service.name, service]));
  const entries = services.map(async (service): Promise<[string, Evidence]> => {
    const containers = runningOf(service, observed);
    // Does not look if the answer would not matter.
    const mayBeReached = asksForIngress(service) || dataOf(service, traits[service.name]) === undefined;
    const matters = mayHaveIngress(service) && service.shared === true && mayBeReached;
    const [container] = containers;
    const sockets = matters && container !== undefined ? await checks(() => listeningSockets(engine, container)) : [];
    const evidence: Evidence = {
      ingress: ingressOf(service.name, observed)?.config?.ports,
      runs: containers.length > 0,
      completed: hasCompleted(service, observed),
      listens: servedPorts(sockets ?? []),
      before: before.get(service.name),
    };
    return [service.name, evidence];
  });
  return new Map(await Promise.all(entries));
}

/** Ids of a service's running containers, lobbie's own or those of `docker compose up`. */
const runningOf = ({ name }: Service, { replicas, composeContainers }: ObservedState): string[] =>
  [
    ...replicas.filter(({ replica }) => replica.service === name),
    ...composeContainers.filter(({ service }) => service === name),
  ]
    .filter(({ state }) => state === 'running')
    .map(({ containerId }) => containerId);

function hasCompleted({ name }: Service, { replicas, current }: ObservedState): boolean {
  const before = current?.project.services.find((service) => service.name === name);
  if (before === undefined || hasIngress(before)) return false;
  return replicas.some((one) => one.replica.service === name && one.deployed && isCompleted(one, before, undefined));
}

const ingressOf = (name: string, { ingresses }: ObservedState): ObservedIngress | undefined =>
  ingresses
    .filter(({ service }) => service === name)
    .toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running'))[0];

/**
 * Adds the protocols of connections to services whose order depends on them; undefined if there are none. Asks their
 * ingresses now, because connections since the last rollout are recorded nowhere else.
 */
export async function addSpoken(
  place: IngressPlace,
  { desired, observed, plan }: { desired: Desired; observed: ObservedState; plan: Plan },
  evidence: ReadonlyMap<string, Evidence>,
): Promise<ReadonlyMap<string, Evidence> | undefined> {
  const starts = new Set(
    plan.steps.flatMap(({ step }) => (step.kind === 'start-replica' ? [step.replica.service] : [])),
  );
  const matters = (service: Service): boolean =>
    starts.has(service.name) && service.update.order === undefined && mayRunTwice(service, desired);
  const asked = desired.project.services.filter(matters).flatMap(({ name }) => {
    const ingress = ingressOf(name, observed);
    return ingress?.state === 'running' ? [{ name, ...ingress }] : [];
  });
  if (asked.length === 0) return undefined;
  const spoken = new Map(
    await Promise.all(
      asked.map(async ({ name, containerId, config }) => {
        const { ports = [] } = config ?? {};
        // If an ingress does not answer, its rollout finds out why.
        return [name, await askSpoken(place, containerId, ports).catch(() => ports)] as const;
      }),
    ),
  );
  return new Map([...evidence].map(([name, one]) => [name, { ...one, ingress: spoken.get(name) ?? one.ingress }]));
}

/** Whether a service is start-first if its connections are HTTP. */
const mayRunTwice = (service: Service, { traits }: Desired): boolean => {
  const { bytes: _, ...front } = service.front ?? { ingress: false };
  return rollingOf({ ...service, front }, traits[service.name]).order === 'start-first';
};
