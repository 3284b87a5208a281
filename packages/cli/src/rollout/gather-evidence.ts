import type { LimitFunction } from 'p-limit';
import { askSpoken } from '../ingress/ask-spoken.ts';
import type { Engine } from '../model/engine.ts';
import type { IngressPort } from '../model/ingress.ts';
import type { ObservedIngress, ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import { asksForIngress, mayHaveIngress, type Service } from '../model/service.ts';
import type { Evidence } from '../plan/decide-front.ts';
import type { Desired } from '../plan/desired.ts';
import { dataOf, rollingOf } from '../plan/rolling-of.ts';
import { listeningSockets, servedPorts } from './listening-sockets.ts';

/** What runs of each service tells of whether it needs an ingress, by service name. */
export async function gatherEvidence(
  { engine, checks }: { readonly engine: Engine; readonly checks: LimitFunction },
  { services }: Project,
  traits: Desired['traits'],
  observed: ObservedState,
): Promise<ReadonlyMap<string, Evidence>> {
  const before = new Map(observed.current?.project.services.map((service) => [service.name, service]));
  const entries = services.map(async (service): Promise<[string, Evidence]> => {
    const containers = runningOf(service, observed);
    // Where the answer decides nothing, it is not asked for.
    const mayBeReached = asksForIngress(service) || dataOf(service, traits[service.name]) === undefined;
    const matters = mayHaveIngress(service) && service.shared === true && mayBeReached;
    const [container] = containers;
    const sockets = matters && container !== undefined ? await checks(() => listeningSockets(engine, container)) : [];
    const evidence: Evidence = {
      ingress: ingressOf(service, observed)?.config?.ports,
      runs: containers.length > 0,
      listens: servedPorts(sockets ?? []),
      before: before.get(service.name),
    };
    return [service.name, evidence];
  });
  return new Map(await Promise.all(entries));
}

/** Ids of the containers that run of a service, lobbie's own or those of `docker compose up`. */
const runningOf = ({ name }: Service, { replicas, formers }: ObservedState): string[] =>
  [...replicas.filter(({ replica }) => replica.service === name), ...formers.filter(({ service }) => service === name)]
    .filter(({ state }) => state === 'running')
    .map(({ containerId }) => containerId);

const ingressOf = ({ name }: Service, { ingresses }: ObservedState) =>
  ingresses
    .filter(({ service }) => service === name)
    .toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running'))[0];

const detected = ({ config }: ObservedIngress): number[] =>
  (config?.ports ?? []).flatMap(({ port, mode }) => (mode === 'auto' ? [port] : []));

/**
 * The evidence with what the connections of services were that are about to roll start-first unasked; undefined where
 * there is none to roll so. Their ingresses are asked now: what came since the last rollout is recorded nowhere.
 */
export async function addSpoken(
  engine: Engine,
  { desired, observed, plan }: { desired: Desired; observed: ObservedState; plan: Plan },
  evidence: ReadonlyMap<string, Evidence>,
): Promise<ReadonlyMap<string, Evidence> | undefined> {
  const starts = new Set(
    plan.steps.flatMap(({ step }) => (step.kind === 'start-replica' ? [step.replica.service] : [])),
  );
  const asked = desired.project.services.flatMap((service) => {
    const ingress = ingressOf(service, observed);
    const { order, front, update } = { ...service, ...rollingOf(service, desired.traits[service.name]) };
    const matters = starts.has(service.name) && order === 'start-first' && update.order === undefined && !front?.bytes;
    return matters && ingress?.state === 'running'
      ? [{ name: service.name, id: ingress.containerId, ports: detected(ingress) }]
      : [];
  });
  if (asked.length === 0) return undefined;
  // One that does not answer says nothing; its rollout finds out why.
  const answers = await Promise.all(asked.map(({ id, ports }) => askSpoken(engine, id, ports).catch(() => undefined)));
  const spoken = new Map(asked.map(({ name }, index) => [name, answers[index]]));
  return new Map(
    [...evidence].map(([name, one]) => {
      const ports = one.ingress?.map((port): IngressPort => {
        const seen = spoken.get(name)?.get(port.port);
        return seen === undefined || port.mode !== 'auto' ? port : { ...port, seen };
      });
      return [name, { ...one, ingress: ports }];
    }),
  );
}
