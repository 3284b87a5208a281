import type { ContainerSummary } from '../model/container.ts';
import type { IngressState } from '../model/ingress.ts';
import { type OwnAddress, ownAddresses, ownHost } from './own-addresses.ts';
import { ADDRESSES, addressName } from './proxy-names.ts';
import type { RuntimeSession } from './runtime-session.ts';
import type { ServerState } from './server-states.ts';

/** The addresses of a running container, by network name. */
export type ContainerAddresses = ContainerSummary['heldAddresses'];

/** The servers of a running HAProxy that hold the addresses of the replicas; see `addressSections`. */
export interface OwnServers {
  /** Whether the servers of a slot have the name of this container; `undefined`: of no container. */
  fits(slot: number, container: string | undefined, seen: readonly ServerState[]): boolean;
  /** Makes the servers of a slot follow the addresses of a container, by name. `undefined`: of no container. */
  follow(slot: number, container: string | undefined): Promise<void>;
  /** Sets the addresses at once, because the engine's DNS is asked only a few times a second. */
  locate(slot: number, where: ContainerAddresses): Promise<void>;
  /** Whether these addresses are in effect. */
  isLocated(slot: number, where: ContainerAddresses, seen: readonly ServerState[]): boolean;
}

interface OwnServersOptions {
  readonly session: RuntimeSession;
  readonly state: () => IngressState;
  /** A name that always resolves, for free slots. */
  readonly placeholder: string;
}

export const controlOwnServers = ({ session, state, placeholder }: OwnServersOptions): OwnServers => {
  const each = (slot: number): { server: string; address: OwnAddress }[] =>
    ownAddresses(state()).map((address, index) => ({ server: addressName(slot, index), address }));
  const hostOf = (container: string | undefined, address: OwnAddress): string =>
    container === undefined ? placeholder : ownHost(container, address);
  const inSlot = (server: string, seen: readonly ServerState[]): ServerState | undefined =>
    seen.find((one) => one.proxy === ADDRESSES && one.server === server);
  const located = (slot: number, where: ContainerAddresses): { server: string; at: string }[] =>
    each(slot).flatMap(({ server, address }) => {
      const at = addressAt(address, where);
      return at === undefined ? [] : [{ server, at }];
    });
  return {
    fits: (slot, container, seen) =>
      each(slot).every(({ server, address }) => inSlot(server, seen)?.name === hostOf(container, address)),
    follow: async (slot, container) => {
      await session.run(
        each(slot).map(({ server, address }) => `set server ${ADDRESSES}/${server} fqdn ${hostOf(container, address)}`),
      );
    },
    locate: async (slot, where) => {
      await session.run(located(slot, where).map(({ server, at }) => `set server ${ADDRESSES}/${server} addr ${at}`));
    },
    isLocated: (slot, where, seen) =>
      located(slot, where).every(({ server, at }) => inSlot(server, seen)?.address === at),
  };
};

const addressAt = ({ network, family }: OwnAddress, where: ContainerAddresses): string | undefined => {
  const all = network === undefined ? Object.values(where)[0] : where[network];
  return all?.find((address) => address.includes(':') === (family === 'ipv6'));
};
