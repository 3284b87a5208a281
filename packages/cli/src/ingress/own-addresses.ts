import type { IngressPeers, IngressState, SlotFill } from '../model/ingress.ts';
import { ADDRESSES, addressName } from './proxy-names.ts';

/** A kind of address that each replica has. */
export interface OwnAddress {
  /** Name on the engine of the address's network; undefined if there is only one. */
  readonly network: string | undefined;
  readonly family: 'ipv4' | 'ipv6';
}

/** The addresses that identify a connection from a replica. */
export const ownAddresses = ({ networks, peers }: Pick<IngressState, 'networks' | 'peers'>): OwnAddress[] =>
  (networks ?? [undefined]).flatMap((network): OwnAddress[] => [
    { network, family: 'ipv4' },
    ...(hasIpv6(peers) ? [{ network, family: 'ipv6' } as const] : []),
  ]);

/** Whether a network of the ingress has IPv6 addresses. */
export const hasIpv6 = (peers: IngressPeers | undefined): boolean =>
  peers?.gateways.some((gateway) => gateway.includes(':')) ?? false;

/** The engine's DNS resolves `<container>.<network>` to a container's address on one network. */
export const ownHost = (container: string, { network }: OwnAddress): string =>
  network === undefined ? container : `${container}.${network}`;

/**
 * The backend with the addresses of the replicas, for `lua.own`. It has its own servers beside the slots: a slot has
 * only one address and is filled after the gate, but a replica may call its own service earlier.
 */
export const addressSections = (state: IngressState): string[] => [
  `defaults ${ADDRESSES}`,
  '  mode tcp',
  '  timeout connect 1s',
  '  timeout client 1s',
  '  timeout server 1s',
  '  default-server resolvers docker',
  `backend ${ADDRESSES} from ${ADDRESSES}`,
  ...state.slots.flatMap((fill, slot) =>
    ownAddresses(state).map(
      (address, index) =>
        `  server ${addressName(slot, index)} ${serverHost(fill, address)} resolve-prefer ${address.family} disabled`,
    ),
  ),
];

const serverHost = (fill: SlotFill | null, address: OwnAddress): string =>
  fill === null ? `"\${HOSTNAME}:1" init-addr none` : `${ownHost(fill.container, address)}:1 init-addr libc,none`;
