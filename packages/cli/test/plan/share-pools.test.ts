import { describe, expect, it } from 'vitest';
import type { NetworkDetails, NetworkSpec } from '../../src/model/engine-spec.ts';
import { LABEL } from '../../src/model/names.ts';
import { fixedPools, mayShare, sharePools, versionsToChoose } from '../../src/plan/share-pools.ts';

const spec = (change: Partial<NetworkSpec> = {}): NetworkSpec => ({ name: 'p_default', labels: {}, ...change });
const FOUR = { subnet: '10.5.0.0/24' };
const SIX = { subnet: 'fd00:5::/64' };
const BRIDGE = { 'com.docker.network.bridge.name': 'br0' };

describe('mayShare', () => {
  it.each<[string, Partial<NetworkSpec>, boolean]>([
    ['a network that says nothing', {}, true],
    ['a bridge with a subnet', { driver: 'bridge', ipam: { driver: 'default', pools: [FOUR] } }, true],
    ['a named bridge with the subnet of the engine', { driverOpts: BRIDGE }, true],
    ['a named bridge with a subnet of its own', { driverOpts: BRIDGE, ipam: { pools: [FOUR] } }, false],
    ['another driver', { driver: 'macvlan', ipam: { pools: [FOUR] } }, false],
    ['another driver of addresses', { ipam: { driver: 'dhcp', pools: [] } }, false],
    ['options of the driver of addresses', { ipam: { options: { a: 'b' }, pools: [] } }, false],
  ])('%s', (_, change, expected) => expect(mayShare(spec(change))).toBe(expected));
});

describe('versionsToChoose', () => {
  it.each<[Partial<NetworkSpec>, (4 | 6)[]]>([
    [{}, [4]],
    [{ ipam: { pools: [FOUR] } }, []],
    [{ ipam: { pools: [FOUR] }, enableIpv6: true }, [6]],
    [{ ipam: { pools: [FOUR, SIX] }, enableIpv6: true }, []],
    [{ ipam: { pools: [SIX] }, enableIpv6: true }, [4]],
    [{ ipam: { pools: [SIX] }, enableIpv6: true, enableIpv4: false }, []],
    [{ ipam: { pools: [{}] } }, [4]],
    [{ enableIpv6: true }, [4, 6]],
  ])('%j: %j', (change, expected) => expect(versionsToChoose(spec(change))).toEqual(expected));
});

describe('sharePools', () => {
  const chosen = [{ subnet: '172.20.0.0/16', gateway: '172.20.0.1' }];

  it('uses the subnet that the engine chose, and gives the engine its lower half', () => {
    expect(sharePools(spec(), chosen)).toEqual([
      { subnet: '172.20.0.0/16', gateway: '172.20.0.1', ipRange: '172.20.0.0/17' },
    ]);
  });

  it('keeps the pools and ranges of the file, and adds the address family that the file leaves out', () => {
    const six = { ...SIX, ipRange: 'fd00:5::/80', gateway: 'fd00:5::1' };
    expect(sharePools(spec({ enableIpv6: true, ipam: { pools: [six] } }), [...chosen, six])).toEqual([
      six,
      { subnet: '172.20.0.0/16', gateway: '172.20.0.1', ipRange: '172.20.0.0/17' },
    ]);
  });

  it('leaves a network alone if it is too small', () => {
    expect(sharePools(spec(), [{ subnet: '10.5.0.0/29', gateway: '10.5.0.1' }])).toBeUndefined();
    expect(sharePools(spec({ ipam: { pools: [{ subnet: '10.5.0.0/28' }] } }), [])).toBeUndefined();
  });

  it('shares one pool if another one is too small', () => {
    expect(sharePools(spec({ ipam: { pools: [{ subnet: '10.5.0.0/29' }, SIX] } }), [])).toEqual([
      { subnet: '10.5.0.0/29' },
      { ...SIX, ipRange: 'fd00:5::/65' },
    ]);
  });
});

describe('fixedPools', () => {
  const details = (change: Partial<NetworkDetails> = {}): NetworkDetails => ({
    id: 'n',
    labels: {},
    driver: 'bridge',
    driverOpts: {},
    pools: [{ ...FOUR, ipRange: '10.5.0.0/25' }, SIX],
    ...change,
  });
  const ofNetwork = (change: Partial<NetworkDetails> = {}) => fixedPools(details(change)).map(({ subnet }) => subnet);

  it('are those that the engine uses only in part', () => expect(ofNetwork()).toEqual([FOUR.subnet]));

  it('are none in networks with machines that the engine does not know', () => {
    expect(ofNetwork({ driver: 'macvlan' })).toEqual([]);
    expect(ofNetwork({ driverOpts: BRIDGE })).toEqual([]);
    expect(ofNetwork({ driverOpts: BRIDGE, labels: { [LABEL.addresses]: 'fixed' } })).toEqual([FOUR.subnet]);
  });
});
