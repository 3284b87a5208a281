import { hostIpsOverlap } from '../model/host-ip.ts';
import { isAlive } from '../model/is-alive.ts';
import type { ObservedReplica, ObservedState } from '../model/observed.ts';
import type { PlannedStep } from '../model/plan.ts';
import { saidAddresses } from '../model/said-addresses.ts';
import { ingressPorts, isFixedPort, ownPorts, type Service } from '../model/service.ts';
import { namesAtIngress } from '../model/service-names.ts';
import type { ToldStep } from '../model/step.ts';
import type { ServiceSteps } from './desired.ts';

/**
 * The holder of a host port or of an address from the file: a service's ingress, its containers, or those of
 * `docker compose up`.
 */
interface Holder {
  readonly service: string;
  readonly by: 'ingress' | 'replicas' | 'composeContainers';
  readonly hostIp: string | undefined;
}

/** A host port or an address that moves from one holder to another. */
export interface PortMove {
  readonly from: Holder;
  readonly to: Holder;
}

/** The ports that move from one holder to another: the first must stop before the second can start. */
export function portMoves(services: readonly Service[], claimed: readonly Claim[]): PortMove[] {
  const held = Map.groupBy(claimed, ({ key }) => key);
  const moves = services.flatMap(wanted).flatMap(({ key, holder: to }) =>
    (held.get(key) ?? [])
      .map(({ holder }) => holder)
      .filter((from) => !isSame(from, to) && hostIpsOverlap(from.hostIp, to.hostIp))
      .map((from) => ({ from, to })),
  );
  return [...new Map(moves.map((move) => [textOf(move), move])).values()];
}

/** Whether a service must give up ports before the release is committed. */
export const gives = (moves: readonly PortMove[], service: string, by: Holder['by']): boolean =>
  moves.some(({ from }) => from.service === service && from.by === by);

/**
 * Makes the step that takes a port wait for the end of its holder. The new holder is created before the old one stops.
 *
 * @param ends the steps that include that end
 */
export function orderMoves(
  moves: readonly PortMove[],
  planned: ReadonlyMap<string, ServiceSteps>,
  ends: readonly PlannedStep<ToldStep>[] = [...planned.values()].flatMap(({ before }) => before),
): ReadonlyMap<string, readonly string[]> {
  const waits = new Map<string, string[]>();
  const add = (steps: readonly PlannedStep<ToldStep>[], ids: readonly string[]): void => {
    for (const { id } of steps) waits.set(id, [...(waits.get(id) ?? []), ...ids.filter((one) => one !== id)]);
  };
  for (const { from, to } of moves) {
    const taking = planned.get(to.service)?.before ?? [];
    const stops = ends.filter(({ step }) => isEndOf(from, step));
    const starts = ofKinds(taking, to.by === 'ingress' ? ['start-ingress'] : ['start-replica', 'run-job']);
    const makes = ofKinds(taking, to.by === 'ingress' ? ['create-ingress'] : ['create-replica']);
    if (starts.length === 0) continue;
    add(
      starts,
      stops.map(({ id }) => id),
    );
    add(
      stops,
      makes.map(({ id }) => id),
    );
  }
  return waits;
}

/** Whether the step stops the containers that have the ports. */
export const isEndOf = ({ service, by }: Holder, step: ToldStep): boolean =>
  step.kind === END[by] && service === ('replica' in step ? step.replica.service : step.service);

const ofKinds = (steps: readonly PlannedStep[], kinds: readonly string[]): PlannedStep[] =>
  steps.filter(({ step }) => kinds.includes(step.kind));

const END = { ingress: 'stop-ingress', replicas: 'stop-replica', composeContainers: 'stop-former' } as const;

interface Claim {
  readonly key: string;
  readonly holder: Holder;
}

/** The ports published now. */
export const heldNow = ({ ingresses, replicas, composeContainers }: ObservedState): Claim[] => [
  ...ingresses.filter(isAlive).flatMap((one) => claimsNow(one, one.service, 'ingress')),
  ...replicas.filter(isAlive).flatMap((one) => claimsNow(one, one.replica.service, 'replicas')),
  ...composeContainers.filter(isAlive).flatMap((one) => claimsNow(one, one.service, 'composeContainers')),
];

/** Ports of the release that rollouts which died have freed. An undo of the next rollout gives them back. */
export function heldBefore({ current }: ObservedState, done: readonly PlannedStep<ToldStep>[]): Claim[] {
  const claimed = (current?.project.services ?? []).flatMap(wanted);
  return claimed.filter(({ holder }) => done.some(({ step }) => isEndOf(holder, step)));
}

const claimsNow = (
  { ports = [], heldAddresses = {} }: Pick<ObservedReplica, 'ports' | 'heldAddresses'>,
  service: string,
  by: Holder['by'],
): Claim[] => [...claims(ports, service, by), ...addressClaims(Object.values(heldAddresses).flat(), service, by)];

/** Ports and addresses that the engine picks never conflict with others. */
const wanted = (service: Service): Claim[] => [
  ...addressClaims(
    service.networks.flatMap(saidAddresses),
    service.name,
    namesAtIngress(service) ? 'ingress' : 'replicas',
  ),
  ...claims(ingressPorts(service).filter(isFixedPort), service.name, 'ingress'),
  ...claims(ownPorts(service).filter(isFixedPort), service.name, 'replicas'),
];

const claims = (
  ports: readonly { readonly protocol: string; readonly published: number; readonly hostIp?: string }[],
  service: string,
  by: Holder['by'],
): Claim[] =>
  ports.map(({ protocol, published, hostIp }) => ({
    key: `${protocol} ${published}`,
    holder: { service, by, hostIp },
  }));

/** Subnets on one engine do not overlap, so an address identifies its network. */
const addressClaims = (addresses: readonly string[], service: string, by: Holder['by']): Claim[] =>
  addresses.map((address) => ({ key: `address ${address}`, holder: { service, by, hostIp: undefined } }));

const isSame = (a: Holder, b: Holder): boolean => a.service === b.service && a.by === b.by;

const textOf = ({ from, to }: PortMove): string => [from.service, from.by, to.service, to.by].join(' ');
