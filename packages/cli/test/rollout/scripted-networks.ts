import { addressAt, isWithin, rangeOf } from '../../src/model/address-range.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import type { NetworkDetails, NetworkSpec } from '../../src/model/engine-spec.ts';
import { LobbieError } from '../../src/model/errors.ts';

/** The networks of the scripted engine. */
export interface ScriptedNetworks {
  readonly all: ReadonlyMap<string, NetworkDetails>;
  find(nameOrId: string): NetworkDetails | undefined;
  create(spec: NetworkSpec): void;
  remove(name: string): void;
  /** Refuses networks that are missing, and fixed addresses outside of their network. */
  check(spec: ContainerSpec): void;
  /** An address for each network of a container: the fixed one, or else a free one. */
  addressesOf(spec: ContainerSpec, isTaken: (address: string) => boolean): Readonly<Record<string, string>>;
}

export function scriptedNetworks(): ScriptedNetworks {
  const networks = new Map<string, NetworkDetails>();
  let given = 0n;

  const overlaps = (subnet: string | undefined): boolean => {
    const own = rangeOf(subnet);
    const others = [...networks.values()].flatMap(({ pools }) => pools.map((pool) => rangeOf(pool.subnet)));
    return others.some((other) => own && other && own.first <= other.last && other.first <= own.last);
  };
  const freePool = () => {
    let index = 1;
    while (overlaps(`10.${index}.0.0/16`)) index += 1;
    return { subnet: `10.${index}.0.0/16`, gateway: `10.${index}.0.1` };
  };
  const freeAddress = ({ pools }: NetworkDetails, isTaken: (address: string) => boolean): string => {
    const range = rangeOf(pools[0]?.subnet) ?? { version: 4, first: 0n, last: 255n };
    // The first numbers of a subnet are those of its gateway, and those that tests ask for.
    const reserved = range.last - range.first > 1000n ? 512n : 128n;
    const room = range.last - range.first - reserved;
    for (;;) {
      given += 1n;
      const address = addressAt(range.version, range.first + reserved + (given % room));
      if (!isTaken(address)) return address;
    }
  };

  return {
    all: networks,
    find: (nameOrId) => networks.get(nameOrId) ?? [...networks.values()].find(({ id }) => id === nameOrId),
    create({ name, labels, driver = 'bridge', driverOpts = {}, ipam }) {
      if (networks.has(name)) return;
      const pools = ipam?.pools ?? [freePool()];
      for (const { subnet } of pools)
        if (overlaps(subnet))
          throw new LobbieError('INVALID_INPUT', `${subnet} overlaps with that of another network.`);
      networks.set(name, { id: `id of ${name}`, labels, driver, driverOpts, pools });
    },
    remove: (name) => void networks.delete(name),
    check(spec) {
      for (const { name, ipv4Address } of spec.networks) {
        const network = networks.get(name);
        if (network === undefined) throw new LobbieError('ENGINE_ERROR', `No such network: ${name}`);
        const ranges = network.pools.flatMap(({ subnet }) => rangeOf(subnet) ?? []);
        const isInside = ipv4Address === undefined || ranges.some((range) => isWithin(ipv4Address, range));
        if (!isInside) throw new LobbieError('INVALID_INPUT', `${ipv4Address} is outside of ${name}.`);
      }
    },
    addressesOf: (spec, isTaken) =>
      Object.fromEntries(
        spec.networks.flatMap(({ name, ipv4Address }) => {
          const network = networks.get(name);
          return network === undefined ? [] : [[name, ipv4Address ?? freeAddress(network, isTaken)] as const];
        }),
      ),
  };
}
