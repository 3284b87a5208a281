import { isAlive } from '../model/is-alive.ts';
import type { ObservedReplica, ObservedState } from '../model/observed.ts';
import { networkName } from '../model/project.ts';
import { saidAddresses } from '../model/said-addresses.ts';
import type { Service } from '../model/service.ts';
import { holdsNames, namesAtIngress } from '../model/service-names.ts';
import type { Desired, ServiceSteps } from './desired.ts';
import { isFixedIn } from './fixed-addresses.ts';
import { rollingOf } from './rolling-of.ts';

type Holder = Pick<ObservedReplica, 'heldAddresses' | 'container' | 'state'>;

/**
 * The networks, by name on the engine, in which an address behind the service's name goes away with these steps.
 * Clients that resolved the name earlier lose it there.
 */
export function movedIn(service: Service, desired: Desired, observed: ObservedState, steps: ServiceSteps): string[] {
  const before = holdersBefore(service.name, observed);
  if (service.job || before.length === 0) return [];
  const names = new Set(before.flatMap(({ heldAddresses = {} }) => Object.keys(heldAddresses)));
  return [...names].filter((network) => {
    const after = new Set(addressesAfter(network, service, desired, observed, steps));
    return before.flatMap((one) => one.heldAddresses?.[network] ?? []).some((address) => !after.has(address));
  });
}

/**
 * Whether the old containers, which are removed at the very end, share the service's name with its new ingress
 * meanwhile.
 */
export const isNameShared = ({ name }: Service, observed: ObservedState): boolean =>
  holdersBefore(name, observed).length > 0 && !observed.ingresses.some((one) => one.service === name && one.deployed);

/** The containers that had the service's name when the last release was deployed. */
function holdersBefore(name: string, { current, ingresses, replicas, composeContainers }: ObservedState): Holder[] {
  const deployed = current?.project.services.find((one) => one.name === name);
  const fronts = ingresses.filter((one) => one.service === name);
  const own = deployed && !holdsNames(deployed) ? fronts : ofService(replicas, name);
  return [...own.filter((one) => one.deployed), ...composeContainers.filter((one) => one.service === name)].filter(
    isAlive,
  );
}

function addressesAfter(
  network: string,
  service: Service,
  desired: Desired,
  { ingresses, replicas, pools = {} }: ObservedState,
  { before: steps }: ServiceSteps,
): string[] {
  const { name } = service;
  const { project, traits } = desired;
  const own = service.networks.find(({ key }) => networkName(project.networks, key) === network);
  const heldBy = (all: readonly Holder[]): string[] => all.flatMap((one) => one.heldAddresses?.[network] ?? []);
  const fixedOf = (all: readonly Holder[]): string[] =>
    heldBy(all).filter((one) => isFixedIn(pools[network] ?? [], one));
  if (own === undefined) return [];
  const said = saidAddresses(own);
  if (namesAtIngress(service)) {
    const fronts = ingresses.filter((one) => one.service === name);
    const isNew = steps.some(({ step }) => step.kind === 'create-ingress');
    return isNew ? [...said, ...fixedOf(fronts)] : heldBy(fronts);
  }
  if (!holdsNames(service)) return [];
  const there = ofService(replicas, name);
  const started = new Set(steps.flatMap(({ step }) => (step.kind === 'start-replica' ? [step.replica.index] : [])));
  const isSuccessor = rollingOf(service, traits[name]).order === 'stop-first';
  return there
    .filter(({ replica }) => replica.index <= service.replicas)
    .flatMap((one) => {
      if (!started.has(one.replica.index)) return heldBy([one]);
      return isSuccessor ? [...said, ...fixedOf([one])] : said;
    });
}

const ofService = (replicas: readonly ObservedReplica[], name: string): ObservedReplica[] =>
  replicas.filter(({ replica }) => replica.service === name);
