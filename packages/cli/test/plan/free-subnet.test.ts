import { describe, expect, it } from 'vitest';
import { freeSubnet } from '../../src/plan/free-subnet.ts';

const subnetOf = (...args: Parameters<typeof freeSubnet>): string | undefined => freeSubnet(...args)?.subnet;

describe('freeSubnet', () => {
  it.each<[string, string[], string]>([
    ['nothing is in use', [], '172.17.0.0/16'],
    ['the first ones are in use', ['172.17.0.0/16', '172.18.0.0/16'], '172.19.0.0/16'],
    ['a small subnet is in use', ['172.17.3.0/24', '172.18.0.9/32'], '172.19.0.0/16'],
    ['a large subnet is in use', ['172.16.0.0/12'], '192.168.0.0/20'],
    ['a subnet ends inside a candidate', ['172.16.0.0/12', '192.168.0.0/19', '192.168.40.0/24'], '192.168.48.0/20'],
    ['only IPv6 is in use', ['fd00::/8'], '172.17.0.0/16'],
  ])('takes the engine’s first free subnet if %s', (_, inUse, expected) => {
    expect(subnetOf(undefined, inUse)).toBe(expected);
  });

  it('has the first address of the subnet as its gateway', () => {
    expect(freeSubnet([{ base: '10.9.0.0/16', size: 24 }], ['10.9.0.0/23'])).toEqual({
      subnet: '10.9.2.0/24',
      gateway: '10.9.2.1',
    });
  });

  it('takes the pools of the engine in their order, and only those for IPv4', () => {
    const pools = [
      { base: 'fd00::/48', size: 64 },
      { base: '10.200.0.0/24', size: 24 },
      { base: '10.100.0.0/16', size: 24 },
    ];
    expect(subnetOf(pools, [])).toBe('10.200.0.0/24');
    expect(subnetOf(pools, ['10.200.0.0/16'])).toBe('10.100.0.0/24');
  });

  it.each([
    ['every subnet is in use', undefined, ['0.0.0.0/0']],
    ['two routes cover everything', undefined, ['0.0.0.0/1', '128.0.0.0/1']],
    ['its pools cannot be divided', [{ base: '10.0.0.0/24', size: 16 }], []],
  ])('gives none if %s', (_, pools, inUse) => expect(subnetOf(pools, inUse)).toBeUndefined());
});
