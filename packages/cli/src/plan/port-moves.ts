import type { ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { ingressPorts, ownPorts, type PublishedPort, type Service } from '../model/project.ts';
import type { ServiceSteps } from './desired.ts';

/** Who has a port of the host: the ingress of a service, or its containers themselves. */
interface Holder {
  readonly service: string;
  readonly by: 'ingress' | 'replicas';
  readonly hostIp: string | undefined;
}

/** A port of the host that one holder has now and another is to have. */
export interface PortMove {
  readonly from: Holder;
  readonly to: Holder;
}

/** The ports that pass from one holder to another: the one has to stop before the other can start. */
export function portMoves(services: readonly Service[], { current, unfinished }: ObservedState): PortMove[] {
  const held = new Map<string, Holder[]>();
  const before = [...(current?.project.services ?? []), ...(unfinished?.project.services ?? [])];
  for (const { key, holder } of before.flatMap(holdersOf)) held.set(key, [...(held.get(key) ?? []), holder]);
  const moves = services
    .flatMap(holdersOf)
    .flatMap(({ key, holder: to }) =>
      (held.get(key) ?? [])
        .filter((from) => !isSame(from, to) && overlap(from.hostIp, to.hostIp))
        .map((from) => ({ from, to })),
    );
  return [...new Map(moves.map((move) => [textOf(move), move])).values()];
}

/** Whether a service has to give up ports before the release is committed. */
export const gives = (moves: readonly PortMove[], service: string, by: Holder['by']): boolean =>
  moves.some(({ from }) => from.service === service && from.by === by);

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
    const ends = ofKinds(giving, from.by === 'ingress' ? ['stop-ingress'] : ['stop-replica']);
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

const holdersOf = (service: Service): { key: string; holder: Holder }[] => [
  ...ingressPorts(service).flatMap((port) => holding(port, service, 'ingress')),
  ...ownPorts(service).flatMap((port) => holding(port, service, 'replicas')),
];

/** A port that the engine picks can be in nobody's way. */
const holding = (
  { protocol, published, publishedEnd, hostIp }: PublishedPort,
  { name }: Service,
  by: Holder['by'],
): { key: string; holder: Holder }[] =>
  published === 0 || publishedEnd !== undefined
    ? []
    : [{ key: `${protocol} ${published}`, holder: { service: name, by, hostIp } }];

const isSame = (a: Holder, b: Holder): boolean => a.service === b.service && a.by === b.by;

const overlap = (a: string | undefined, b: string | undefined): boolean => isAny(a) || isAny(b) || a === b;
const isAny = (address: string | undefined): boolean => ['', '0.0.0.0', '::'].includes(address ?? '');

const textOf = ({ from, to }: PortMove): string => [from.service, from.by, to.service, to.by].join(' ');
