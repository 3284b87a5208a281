import { createHash } from 'node:crypto';
import { type AddressRange, addressAt, isWithin, plainAddress, rangeOf, subnetOf } from '../model/address-range.ts';
import type { AddressPool } from '../model/project.ts';

/** What gets a fixed address: a container with a service's name, or a replica behind an ingress. */
export type AddressPart = 'names' | 'replicas';

export interface AddressRequest {
  readonly part: AddressPart;
  /** The owner. The same key gives the same address, unless another owner has it. */
  readonly key: string;
  /** The addresses of the previous container; empty if there was none. */
  readonly before: readonly string[];
  /** Addresses that others have or will have. */
  readonly taken: ReadonlySet<string>;
}

/**
 * Chooses an address outside the range that the engine assigns by itself, so that no other container gets it while its
 * owner is down. Prefers the previous container's address, then one derived from the key. Names and replicas each have
 * half of the range: replicas come and go, and must not use up addresses for names.
 *
 * @returns undefined if the pool has no such address left
 */
export function chooseAddress(pool: AddressPool, { part, key, before, taken }: AddressRequest): string | undefined {
  const parts = partsOf(pool);
  const gaps = parts === undefined ? [] : parts[part];
  const version = gaps[0]?.version;
  if (version === undefined) return undefined;
  const reserved = new Set(
    [pool.gateway, ...Object.values(pool.auxAddresses ?? {})].map((one) => one && plainAddress(one)),
  );
  const isFree = (address: string): boolean => !taken.has(address) && !reserved.has(address);
  const same = before.find((one) => isFree(one) && gaps.some((gap) => isWithin(one, gap)));
  if (same !== undefined) return same;
  const size = gaps.reduce((sum, gap) => sum + sizeOf(gap), 0n);
  const start = hashOf(key) % size;
  const most = BigInt(taken.size + reserved.size);
  for (let step = 0n; step < size && step <= most; step += 1n) {
    const address = addressAt(version, numberIn(gaps, (start + step) % size));
    if (isFree(address)) return address;
  }
  return undefined;
}

/** Whether the engine never assigns an address by itself, so that its owner keeps it while it is down. */
export const isFixedIn = (pools: readonly AddressPool[], address: string): boolean =>
  pools.some(({ subnet, ipRange }) => {
    const [all, dynamic] = [rangeOf(subnet), rangeOf(ipRange)];
    return all !== undefined && dynamic !== undefined && isWithin(address, all) && !isWithin(address, dynamic);
  });

/**
 * The lower half of a subnet, for the engine to assign. The upper half is for fixed addresses.
 *
 * @returns undefined if a half would be too small
 */
export function lowerHalf(subnet: string): string | undefined {
  const range = rangeOf(subnet);
  if (range === undefined || range.prefix > SMALLEST[range.version]) return undefined;
  const prefix = range.prefix + 1;
  return subnetOf({ ...range, prefix });
}

/** Prefix of the smallest subnet that is divided: 16 addresses each for the engine and for lobbie. */
const SMALLEST = { 4: 27, 6: 123 } as const;

type Gap = Omit<AddressRange, 'prefix'>;

/** The addresses outside the engine's range, the replicas' half first. */
function partsOf({ subnet, ipRange }: AddressPool): Record<AddressPart, Gap[]> | undefined {
  const all = rangeOf(subnet);
  const dynamic = rangeOf(ipRange);
  if (all === undefined || dynamic === undefined || all.version !== dynamic.version) return undefined;
  const { version } = all;
  // The first address is the network's own and the last one its broadcast address.
  const gaps = [
    { version, first: all.first + 1n, last: dynamic.first - 1n },
    { version, first: dynamic.last + 1n, last: all.last - 1n },
  ].filter(({ first, last }) => first <= last);
  const half = gaps.reduce((sum, gap) => sum + sizeOf(gap), 0n) / 2n;
  return { replicas: cut(gaps, 0n, half), names: cut(gaps, half, half * 2n + 1n) };
}

/** The part of the gaps between two positions in them. */
function cut(gaps: readonly Gap[], from: bigint, to: bigint): Gap[] {
  let passed = 0n;
  return gaps.flatMap((gap) => {
    const first = gap.first + clamp(from - passed, gap);
    const last = gap.first + clamp(to - passed, gap) - 1n;
    passed += sizeOf(gap);
    return first <= last ? [{ ...gap, first, last }] : [];
  });
}

const clamp = (place: bigint, gap: Gap): bigint => (place < 0n ? 0n : place > sizeOf(gap) ? sizeOf(gap) : place);

const sizeOf = ({ first, last }: Gap): bigint => last - first + 1n;

function numberIn(gaps: readonly Gap[], place: bigint): bigint {
  let left = place;
  for (const gap of gaps) {
    if (left < sizeOf(gap)) return gap.first + left;
    left -= sizeOf(gap);
  }
  return gaps[0]?.first ?? 0n;
}

const hashOf = (key: string): bigint => createHash('sha256').update(key).digest().readBigUInt64BE();
