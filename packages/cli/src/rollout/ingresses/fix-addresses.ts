import { ownContainers } from '../../ledger/own-containers.ts';
import { rangeOf } from '../../model/address-range.ts';
import type { ContainerSummary, EndpointSpec } from '../../model/container.ts';
import type { AddressPool } from '../../model/project.ts';
import { saidAddresses } from '../../model/said-addresses.ts';
import { type AddressPart, chooseAddress } from '../../plan/fixed-addresses.ts';
import { fixedPools } from '../../plan/share-pools.ts';
import type { RolloutContext } from '../context.ts';

/** The addresses of the networks of a project, as one rollout knows them. */
export interface AddressBook {
  /** Pools for fixed addresses, by network. */
  readonly pools: Map<string, Promise<readonly AddressPool[]>>;
  /** Every container of the engine, read once. */
  containers?: Promise<readonly ContainerSummary[]>;
  /** By network, what this rollout has given away. */
  readonly given: Map<string, Set<string>>;
}

export const newAddressBook = (): AddressBook => ({ pools: new Map(), given: new Map() });

export interface AddressOwner {
  readonly part: AddressPart;
  /** The same text leads to the same address. */
  readonly key: string;
  /** Labels of the containers that had the address before: they stop before this one starts. */
  readonly before?: Readonly<Record<string, string>>;
}

/** Gives a container that is about to be made fixed addresses in its networks, where these have room for some. */
export async function fixAddresses(
  context: RolloutContext,
  endpoints: readonly EndpointSpec[],
  owner: AddressOwner,
): Promise<EndpointSpec[]> {
  const pools = await Promise.all(endpoints.map(({ name }) => poolsOf(context, name)));
  if (pools.every((one) => one.length === 0)) return [...endpoints];
  const { engine, project, ledger, addresses: book } = context;
  book.containers ??= engine.listAllContainers();
  const [containers, before] = await Promise.all([
    book.containers,
    owner.before === undefined ? [] : ownContainers(engine, project.name, owner.before, ledger),
  ]);
  const ids = new Set(before.map(({ id }) => id));
  const others = containers.filter(({ id }) => !ids.has(id));
  const heldIn = (all: readonly ContainerSummary[], network: string): string[] =>
    all.flatMap(({ heldAddresses }) => heldAddresses[network] ?? []);
  // From here on without a wait: two containers that are made at once must not choose the same address.
  return endpoints.map((endpoint, at) => {
    const { name } = endpoint;
    const given = book.given.get(name) ?? new Set();
    book.given.set(name, given);
    const taken = new Set([...heldIn(others, name), ...given, ...saidInFile(context, name)]);
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

async function poolsOf({ engine, addresses: { pools } }: RolloutContext, network: string) {
  const known = pools.get(network);
  if (known !== undefined) return known;
  const found = engine.inspectNetwork(network).then((details) => (details ? fixedPools(details) : []));
  pools.set(network, found);
  return found;
}

/** The addresses that the file gives its services. */
const saidInFile = ({ project }: RolloutContext, network: string): string[] => {
  const key = project.networks.find(({ name }) => name === network)?.key;
  return project.services.flatMap(({ networks }) => networks.filter((one) => one.key === key)).flatMap(saidAddresses);
};
