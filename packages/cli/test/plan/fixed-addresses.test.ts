import { describe, expect, it } from 'vitest';
import { fc } from '../../../../scripts/seeded-fast-check.ts';
import { addressAt, isWithin, rangeOf, subnetOf } from '../../src/model/address-range.ts';
import { type AddressRequest, chooseAddress, lowerHalf } from '../../src/plan/fixed-addresses.ts';

const request = (change: Partial<AddressRequest> = {}): AddressRequest => ({
  part: 'names',
  key: 'p web',
  before: [],
  taken: new Set(),
  ...change,
});
const NET = { subnet: '172.20.0.0/16', ipRange: '172.20.0.0/17', gateway: '172.20.0.1' };
const LITTLE = { subnet: '10.9.8.0/27', ipRange: '10.9.8.0/28', gateway: '10.9.8.1' };

/** A subnet of any size, of either family, with a range somewhere in it. */
const pools = fc
  .record({
    version: fc.constantFrom<4 | 6>(4, 6),
    host: fc.integer({ min: 2, max: 20 }),
    at: fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }),
    narrower: fc.integer({ min: 0, max: 6 }),
    place: fc.nat(),
  })
  .map(({ version, host, at, narrower, place }) => {
    const bits = version === 4 ? 32 : 128;
    const subnet = rangeOf(`${addressAt(version, at)}/${bits - host}`);
    if (subnet === undefined) throw new Error('No subnet.');
    const prefix = Math.min(bits, subnet.prefix + narrower);
    const ranges = 1n << BigInt(prefix - subnet.prefix);
    const first = subnet.first + (BigInt(place) % ranges) * (1n << BigInt(bits - prefix));
    return { pool: { subnet: subnetOf(subnet), ipRange: subnetOf({ ...subnet, prefix, first }) }, subnet };
  });
const part = fc.constantFrom<AddressRequest['part']>('names', 'replicas');

describe('chooseAddress', () => {
  it('gives a free address that the engine never hands out', () => {
    fc.assert(
      fc.property(pools, part, fc.array(fc.string(), { maxLength: 40 }), ({ pool, subnet }, wanted, keys) => {
        const taken = new Set<string>();
        for (const key of keys) {
          const address = chooseAddress(pool, request({ part: wanted, key, taken }));
          if (address === undefined) return;
          const range = rangeOf(pool.ipRange);
          expect(isWithin(address, subnet)).toBe(true);
          expect(range && isWithin(address, range)).toBe(false);
          expect([addressAt(subnet.version, subnet.first), addressAt(subnet.version, subnet.last)]).not.toContain(
            address,
          );
          expect(taken).not.toContain(address);
          taken.add(address);
        }
      }),
    );
  });

  it('never gives one address to a name and to a replica', () => {
    fc.assert(
      fc.property(pools, fc.string(), fc.string(), ({ pool }, one, other) => {
        const name = chooseAddress(pool, request({ key: one }));
        expect(name === undefined || chooseAddress(pool, request({ part: 'replicas', key: other })) !== name).toBe(
          true,
        );
      }),
    );
  });

  it('gives none only when every address is used', () => {
    const taken = new Set<string>();
    const all = (wanted: AddressRequest['part']) => {
      const given: string[] = [];
      for (let at = 0; ; at += 1) {
        const address = chooseAddress(LITTLE, request({ part: wanted, key: `key ${at}`, taken }));
        if (address === undefined) return given.map((one) => Number(one.split('.').at(-1))).toSorted((a, b) => a - b);
        given.push(address);
        taken.add(address);
      }
    };
    expect(all('replicas')).toEqual([16, 17, 18, 19, 20, 21, 22].map((one) => one));
    expect(all('names')).toEqual([23, 24, 25, 26, 27, 28, 29, 30]);
  });

  it('gives the same key the same address, or the next one if that is taken', () => {
    const first = chooseAddress(NET, request()) ?? '';
    expect(chooseAddress(NET, request({ taken: new Set(['172.20.200.1']) }))).toBe(first);
    const second = chooseAddress(NET, request({ taken: new Set([first]) }));
    expect(second).not.toBe(first);
    expect(isWithin(second ?? '', { version: 4, first: 0xac14c000n, last: 0xac14fffen })).toBe(true);
  });

  it('keeps the previous container’s address, unless the engine can hand it out or another container has it', () => {
    const keep = (before: string, taken: string[] = []) =>
      chooseAddress(NET, request({ before: [before], taken: new Set(taken) })) === before;
    expect(keep('172.20.222.2')).toBe(true);
    expect(keep('172.20.0.9')).toBe(false);
    expect(keep('10.0.0.1')).toBe(false);
    expect(keep('fd00::1')).toBe(false);
    expect(keep('172.20.222.2', ['172.20.222.2'])).toBe(false);
  });

  it('never gives the gateway or an address that the file reserves', () => {
    const pool = {
      subnet: '10.9.8.0/29',
      ipRange: '10.9.8.0/30',
      gateway: '10.9.8.6',
      auxAddresses: { printer: '10.9.8.5' },
    };
    expect(chooseAddress(pool, request())).toBeUndefined();
    expect(chooseAddress({ ...pool, auxAddresses: {} }, request())).toBe('10.9.8.5');
  });

  it('gives none if the engine can hand out every address, or the family differs', () => {
    expect(chooseAddress({ subnet: '10.9.8.0/24', ipRange: '10.9.8.0/24' }, request())).toBeUndefined();
    expect(chooseAddress({ subnet: '10.9.8.0/24' }, request())).toBeUndefined();
    expect(chooseAddress({ subnet: 'fd00::/64', ipRange: '10.9.8.0/25' }, request())).toBeUndefined();
  });
});

describe('lowerHalf', () => {
  it.each([
    ['172.20.0.0/16', '172.20.0.0/17'],
    ['192.168.16.0/20', '192.168.16.0/21'],
    ['10.1.2.0/27', '10.1.2.0/28'],
    ['10.1.2.0/28', undefined],
    ['10.1.2.0/29', undefined],
    ['fd00:77::/64', 'fd00:77::/65'],
    ['fd00:77::/124', undefined],
    ['not a subnet', undefined],
  ])('of %s is %s', (subnet, half) => expect(lowerHalf(subnet)).toBe(half));
});
