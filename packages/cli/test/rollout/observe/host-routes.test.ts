import { describe, expect, it } from 'vitest';
import { parseNameservers, parseRoutes } from '../../../src/rollout/observe/host-routes.ts';

const TABLE = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
br-b5c74695996b\t0000A8C0\t00000000\t0001\t0\t0\t0\t00F0FFFF\t0\t0\t0
tun0\t05030A0A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;

describe('parseRoutes', () => {
  it('reads the subnets that have a route of their own', () => {
    expect(parseRoutes(TABLE, 'LE')).toEqual([
      { device: 'docker0', subnet: '172.17.0.0/16' },
      { device: 'br-b5c74695996b', subnet: '192.168.0.0/20' },
      { device: 'tun0', subnet: '10.10.3.5/32' },
    ]);
  });

  it('reads numbers in the byte order of the machine', () => {
    expect(parseRoutes('\neth0 AC110000 0 1 0 0 0 FFFF0000 0 0 0', 'BE')).toEqual([
      { device: 'eth0', subnet: '172.17.0.0/16' },
    ]);
  });
});

it('reads the IPv4 nameservers', () => {
  const text =
    '# nameserver 1.1.1.1\nsearch example.com\nnameserver 172.20.0.2\n nameserver\t10.0.0.1 \nnameserver fe80::1\n';
  expect(parseNameservers(text)).toEqual(['172.20.0.2', '10.0.0.1']);
});
