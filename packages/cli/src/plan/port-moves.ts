import type { ObservedReplica, ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { ingressPorts, ownPorts, type PublishedPort, type Service } from '../model/service.ts';
import type { ServiceSteps } from './desired.ts';

/** Who has a port of the host: the ingress of a service, its containers themselves, or those of `docker compose up`. */
interface Holder {
  readonly service: string;
  readonly by: 'ingress' | 'replicas' | 'formers';
  readonly hostIp: string | undefined;
}

/** A port of the host that one holder has now and another is to have. */
export interface PortMove {
  readonly from: Holder;
  readonly to: Holder;
}

/** The ports that pass from one holder to another: the one has to stop before the other can start. */
export function portMoves(services: readonly Service[], observed: ObservedState): PortMove[] {
  const held = Map.groupBy([...heldNow(observed), ...heldBefore(observed)], ({ key }) => key);
  const moves = services.flatMap(wanted).flatMap(({ key, holder: to }) =>
    (held.get(key) ?? [])
      .map(({ holder }) => holder)
      .filter((from) => !isSame(from, to) && overlap(from.hostIp, to.hostIp))
      .map((from) => ({ from, to })),
  );
  return [...new Map(moves.map((move) => [textOf(move), move])).values()];
}

/** Whether a service has to give up ports before the release is committed. */
export const gives = (moves: readonly PortMove[], service: string, by: Holder['by']): boolean =>
  moves.some(({ from }) => from.service === service && from.by === by);

/** Services whose former containers could not start again now: others have the ports that these had. */
export function blockedServices(services: readonly Service[], observed: ObservedState): ReadonlySet<string> {
  const held = Map.groupBy(heldNow(observed), ({ key }) => key);
  const { current, unfinished } = observed;
  const known = [...services, ...(current?.project.services ?? []), ...(unfinished?.project.services ?? [])];
  const blocked = known
    .flatMap(wanted)
    .filter(({ key, holder }) => (held.get(key) ?? []).some((now) => now.holder.service !== holder.service));
  return new Set(blocked.map(({ holder }) => holder.service));
}

/** Lets what takes a port wait for the end of what has it; the one is made before the other stops. */
export function orderMoves(
  moves: readonly PortMove[],
  planned: ReadonlyMap<string, ServiceSteps>,
): ReadonlyMap<string, readonly string[]> {
  const waits = new Map<string, string[]>();
  const add = (steps: readonly PlannedStep[], ids: readonly string[]): void => {
    for (const { id } of steps) waits.set(id, [...(waits.get(id) ?? []), ...ids.filter((one) => one !== id)]);
  };
  for (const { from, to } of moves) {
    const giving = planned.get(from.service)?.before ?? [];
    const taking = planned.get(to.service)?.before ?? [];
    const ends = ofKinds(giving, [END[from.by]]);
    const starts = ofKinds(taking, to.by === 'ingress' ? ['start-ingress'] : ['start-replica', 'run-job']);
    const makes = ofKinds(taking, to.by === 'ingress' ? ['create-ingress'] : ['create-replica']);
    if (starts.length === 0) continue;
    add(
      starts,
      ends.map(({ id }) => id),
    );
    add(
      ends,
      makes.map(({ id }) => id),
    );
  }
  return waits;
}

const ofKinds = (steps: readonly PlannedStep[], kinds: readonly string[]): PlannedStep[] =>
  steps.filter(({ step }) => kinds.includes(step.kind));

const END = { ingress: 'stop-ingress', replicas: 'stop-replica', formers: 'stop-former' } as const;

interface Claim {
  readonly key: string;
  readonly holder: Holder;
}

const heldNow = ({ ingresses, replicas, formers }: ObservedState): Claim[] => [
  ...ingresses.filter(isUp).flatMap(({ service, ports = [] }) => claims(ports, service, 'ingress')),
  ...replicas.filter(isUp).flatMap(({ replica, ports = [] }) => claims(ports, replica.service, 'replicas')),
  ...formers.filter(isUp).flatMap(({ service, ports = [] }) => claims(ports, service, 'formers')),
];

/** What a rollout that died has stopped gets its ports back when the next one is taken back too. */
const heldBefore = ({ replicas, current, unfinished }: ObservedState): Claim[] => {
  if (unfinished === undefined) return [];
  const stopped = new Set(replicas.filter(({ state }) => state === 'exited').map(({ replica }) => replica.service));
  const services = (current?.project.services ?? []).filter(({ name }) => stopped.has(name));
  return services.flatMap(wanted).filter(({ holder }) => holder.by === 'replicas');
};

const isUp = ({ state }: Pick<ObservedReplica, 'state'>): boolean => !['created', 'exited', 'dead'].includes(state);

/** A port that the engine picks can be in nobody's way. */
const wanted = (service: Service): Claim[] => {
  const isFixed = ({ published, publishedEnd }: PublishedPort): boolean =>
    published !== 0 && publishedEnd === undefined;
  return [
    ...claims(ingressPorts(service).filter(isFixed), service.name, 'ingress'),
    ...claims(ownPorts(service).filter(isFixed), service.name, 'replicas'),
  ];
};

const claims = (
  ports: readonly { readonly protocol: string; readonly published: number; readonly hostIp?: string }[],
  service: string,
  by: Holder['by'],
): Claim[] =>
  ports.map(({ protocol, published, hostIp }) => ({
    key: `${protocol} ${published}`,
    holder: { service, by, hostIp },
  }));

const isSame = (a: Holder, b: Holder): boolean => a.service === b.service && a.by === b.by;

const overlap = (a: string | undefined, b: string | undefined): boolean => isAny(a) || isAny(b) || a === b;
const isAny = (address: string | undefined): boolean => ['', '0.0.0.0', '::'].includes(address ?? '');

const textOf = ({ from, to }: PortMove): string => [from.service, from.by, to.service, to.by].join(' ');
