import { rangeOf } from '../model/address-range.ts';
import type { NetworkDetails, NetworkSpec } from '../model/engine-spec.ts';
import { LABEL } from '../model/names.ts';
import type { AddressPool } from '../model/project.ts';
import { lowerHalf } from './fixed-addresses.ts';

const BRIDGE_NAME = 'com.docker.network.bridge.name';

/**
 * Whether lobbie may limit the addresses of a network that the engine assigns. With other drivers, and on bridges with
 * a name and a subnet from the file, there may be machines that the engine does not know.
 */
export const mayShare = (spec: NetworkSpec): boolean => {
  const { driver = 'bridge', driverOpts = {}, ipam } = spec;
  const named = driverOpts[BRIDGE_NAME] !== undefined && ipam?.pools.some(({ subnet }) => subnet !== undefined);
  return driver === 'bridge' && (ipam?.driver ?? 'default') === 'default' && ipam?.options === undefined && !named;
};

/** The IP versions of the subnets that the file leaves to the engine. */
export const versionsToChoose = ({ enableIpv4 = true, enableIpv6 = false, ipam }: NetworkSpec): (4 | 6)[] => {
  const given = (ipam?.pools ?? []).map(({ subnet }) => rangeOf(subnet)?.version);
  const wanted = [...(enableIpv4 ? [4 as const] : []), ...(enableIpv6 ? [6 as const] : [])];
  return wanted.filter((version) => !given.includes(version));
};

/**
 * The pools of a network, each with a range for the engine if it is large enough.
 *
 * @param chosen the engine's choice, used if the file sets none
 * @returns undefined if no pool can be divided
 */
export function sharePools({ ipam }: NetworkSpec, chosen: readonly AddressPool[]): AddressPool[] | undefined {
  const given = (ipam?.pools ?? []).filter(({ subnet }) => subnet !== undefined);
  const versions = new Set(given.map(({ subnet }) => rangeOf(subnet)?.version));
  const added = chosen.filter(({ subnet }) => !versions.has(rangeOf(subnet)?.version));
  const pools = [...given, ...added].map((pool): AddressPool => {
    const ipRange = pool.ipRange ?? lowerHalf(pool.subnet ?? '');
    return { ...pool, ...(ipRange !== undefined && { ipRange }) };
  });
  return pools.some(({ ipRange }) => ipRange !== undefined) ? pools : undefined;
}

/**
 * The pools of a network in which lobbie may use fixed addresses, because the engine assigns only a part of them. On a
 * bridge with a name from the file, the rest may belong to machines that the engine does not know.
 */
export const fixedPools = ({ labels, driver, driverOpts, pools }: NetworkDetails): AddressPool[] => {
  const isShared =
    labels[LABEL.addresses] === 'fixed' || (driver === 'bridge' && driverOpts[BRIDGE_NAME] === undefined);
  return isShared ? pools.filter(({ ipRange }) => ipRange !== undefined) : [];
};
