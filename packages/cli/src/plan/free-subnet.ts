import { addressAt, rangeOf, subnetOf } from '../model/address-range.ts';
import type { SubnetPool } from '../model/engine.ts';
import type { AddressPool } from '../model/project.ts';

/** The pools of an engine without `default-address-pools`, in its order (libnetwork, `ipamutils`). */
const ENGINE_POOLS: readonly SubnetPool[] = [
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/16', size: 16 },
  { base: '172.19.0.0/16', size: 16 },
  { base: '172.20.0.0/14', size: 16 },
  { base: '172.24.0.0/14', size: 16 },
  { base: '172.28.0.0/14', size: 16 },
  { base: '192.168.0.0/16', size: 20 },
];

/**
 * The first IPv4 subnet of the engine's pools that overlaps none of those in use, with its gateway.
 *
 * @param pools absent: those of an engine without `default-address-pools`
 * @param inUse subnets and addresses such as `172.20.0.0/16` and `172.20.0.2/32`
 * @returns undefined if every subnet is in use
 */
export function freeSubnet(
  pools: readonly SubnetPool[] | undefined,
  inUse: readonly string[],
): (AddressPool & { readonly subnet: string }) | undefined {
  const taken = inUse.flatMap((one) => rangeOf(one) ?? []).filter(({ version }) => version === 4);
  for (const { base, size } of pools ?? ENGINE_POOLS) {
    const pool = rangeOf(base);
    if (pool?.version !== 4 || size < pool.prefix || size > 30) continue;
    const length = 1n << BigInt(32 - size);
    let first = pool.first;
    while (first + length - 1n <= pool.last) {
      const last = first + length - 1n;
      const rival = taken.find((one) => one.first <= last && first <= one.last);
      if (rival === undefined) {
        const subnet = subnetOf({ version: 4, prefix: size, first, last });
        return { subnet, gateway: addressAt(4, first + 1n) };
      }
      // Continues behind it, at a multiple of the length.
      first = pool.first + ((rival.last - pool.first) / length + 1n) * length;
    }
  }
  return undefined;
}
