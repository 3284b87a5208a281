import { rangeOf } from '../model/address-range.ts';
import type { NetworkDetails, NetworkSpec } from '../model/engine-spec.ts';
import { LABEL } from '../model/names.ts';
import type { AddressPool } from '../model/project.ts';
import { lowerHalf } from './fixed-addresses.ts';

const BRIDGE_NAME = 'com.docker.network.bridge.name';

/**
 * Whether lobbie may say which addresses of a network the engine hands out. Other drivers, and bridges that the file
 * names and gives a subnet, may have machines on them that the engine does not know.
 */
export const mayShare = (spec: NetworkSpec): boolean => {
  const { driver = 'bridge', driverOpts = {}, ipam } = spec;
  const named = driverOpts[BRIDGE_NAME] !== undefined && ipam?.pools.some(({ subnet }) => subnet !== undefined);
  return driver === 'bridge' && (ipam?.driver ?? 'default') === 'default' && ipam?.options === undefined && !named;
};

/** Whether the engine chooses a subnet of it. */
export const choosesSubnet = ({ enableIpv4 = true, enableIpv6 = false, ipam }: NetworkSpec): boolean => {
  const given = (ipam?.pools ?? []).map(({ subnet }) => rangeOf(subnet)?.version);
  return (enableIpv4 && !given.includes(4)) || (enableIpv6 && !given.includes(6));
};

/**
 * The pools of a network, each with a range for the engine where it is big enough.
 *
 * @param chosen what the engine chose: taken where the file says nothing
 * @returns undefined where no pool can be shared out
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
 * The pools of a network in which lobbie may fix addresses: the engine hands out a part of them only. On a bridge that
 * somebody named, the rest may belong to machines that the engine does not know.
 */
export const fixedPools = ({ labels, driver, driverOpts, pools }: NetworkDetails): AddressPool[] => {
  const isShared =
    labels[LABEL.addresses] === 'fixed' || (driver === 'bridge' && driverOpts[BRIDGE_NAME] === undefined);
  return isShared ? pools.filter(({ ipRange }) => ipRange !== undefined) : [];
};
