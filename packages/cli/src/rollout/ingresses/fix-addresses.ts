import { ownContainers } from '../../ledger/own-containers.ts';
import { rangeOf } from '../../model/address-range.ts';
import type { ContainerSummary, EndpointSpec } from '../../model/container.ts';
import type { AddressPool, Project } from '../../model/project.ts';
import { saidAddresses } from '../../model/said-addresses.ts';
import { type AddressPart, chooseAddress } from '../../plan/fixed-addresses.ts';
import { fixedPools } from '../../plan/share-pools.ts';
import type { Given } from '../given/given.ts';
import type { IngressesFound } from './ingresses-found.ts';

/** The addresses in a project's networks, as known to one rollout. */
export interface AddressBook {
  /** Pools for fixed addresses, by network. */
  readonly pools: Map<string, Promise<readonly AddressPool[]>>;
  /** Every container on the engine, read once. */
  containers?: Promise<readonly ContainerSummary[]>;
  /** By network, the addresses that this rollout has assigned and that the file gives to services. */
  readonly given: Map<string, Set<string>>;
  /** The subnets that this rollout has chosen for new networks. */
  readonly subnets: Set<string>;
}

export const newAddressBook = ({ networks, services }: Pick<Project, 'networks' | 'services'>): AddressBook => ({
  pools: new Map(),
  given: new Map(
    networks.map(({ key, name }) => {
      const endpoints = services.flatMap((service) => service.networks.filter((one) => one.key === key));
      return [name, new Set(endpoints.flatMap(saidAddresses))];
    }),
  ),
  subnets: new Set(),
});

export type AddressContext = Pick<Given, 'engine' | 'projectName' | 'ledger'> & Pick<IngressesFound, 'addresses'>;

export interface AddressOwner {
  readonly part: AddressPart;
  /** The same key gives the same address. */
  readonly key: string;
  /** Labels of the containers that had the address before. They stop before this one starts. */
  readonly before?: Readonly<Record<string, string>>;
}

/** Gives a new container fixed addresses in its networks, if these have any left. */
export async function fixAddresses(
  context: AddressContext,
  endpoints: readonly EndpointSpec[],
  owner: AddressOwner,
): Promise<EndpointSpec[]> {
  const pools = await Promise.all(endpoints.map(({ name }) => poolsOf(context, name)));
  if (pools.every((one) => one.length === 0)) return [...endpoints];
  const { engine, projectName, ledger, addresses: book } = context;
  book.containers ??= engine.listAllContainers();
  const [containers, before] = await Promise.all([
    book.containers,
    owner.before === undefined ? [] : ownContainers(engine, projectName, owner.before, ledger),
  ]);
  const ids = new Set(before.map(({ id }) => id));
  const others = containers.filter(({ id }) => !ids.has(id));
  const heldIn = (all: readonly ContainerSummary[], network: string): string[] =>
    all.flatMap(({ heldAddresses }) => heldAddresses[network] ?? []);
  // No await from here on: two containers created at the same time must not choose the same address.
  return endpoints.map((endpoint, at) => {
    const { name } = endpoint;
    const given = book.given.get(name) ?? new Set();
    book.given.set(name, given);
    const taken = new Set([...heldIn(others, name), ...given]);
    const choose = (version: 4 | 6): string | undefined => {
      for (const pool of pools[at] ?? []) {
        if (rangeOf(pool.subnet)?.version !== version) continue;
        const address = chooseAddress(pool, { ...owner, before: heldIn(before, name), taken });
        if (address !== undefined) return address;
      }
      return undefined;
    };
    const ipv4Address = endpoint.ipv4Address ?? choose(4);
    const ipv6Address = endpoint.ipv6Address ?? choose(6);
    for (const one of [ipv4Address, ipv6Address]) if (one !== undefined) given.add(one);
    return { ...endpoint, ...(ipv4Address && { ipv4Address }), ...(ipv6Address && { ipv6Address }) };
  });
}

async function poolsOf({ engine, addresses: { pools } }: AddressContext, network: string) {
  const known = pools.get(network);
  if (known !== undefined) return known;
  const found = engine.inspectNetwork(network).then((details) => (details ? fixedPools(details) : []));
  pools.set(network, found);
  return found;
}
