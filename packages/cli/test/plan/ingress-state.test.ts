import { expect, it } from 'vitest';
import type { PublishedPort } from '../../src/model/service.ts';
import { ingressState, sameState } from '../../src/plan/ingress-state.ts';
import { tcp, testPeers, testService } from './plan-fixtures.ts';

const stateOf = (change: Parameters<typeof testService>[0] = {}) =>
  ingressState(testService(change), { ports: [], slots: [], peers: testPeers });

it('finds the ports that are published only on loopback addresses', () => {
  const on = (hostIp: string, target: number): PublishedPort => ({ ...tcp(8000 + target, target), hostIp });
  const ports = [
    on('127.0.0.1', 80),
    on('::1', 80),
    on('127.0.0.1', 81),
    tcp(9081, 81),
    on('10.0.0.5', 82),
    tcp(9083, 83),
  ];
  expect(stateOf({ ports: [...ports, on('127.0.0.2', 79)] }).loopbackPorts).toEqual([79, 80]);
  expect(stateOf({ ports: [tcp(8080, 80)] })).not.toHaveProperty('loopbackPorts');
});

it('configures an ingress that an older version configured, and no other', () => {
  const { peers: _, ...older } = stateOf();
  expect(sameState(stateOf(), stateOf())).toBe(true);
  expect(sameState(stateOf(), older)).toBe(false);
});

it.each([
  ['a trusted proxy', { trustedProxies: ['10.0.0.0/8'] }],
  ['the PROXY protocol', { proxyProtocol: 'v2' as const }],
  ['how long requests wait', { outageTimeoutMs: 5000 }],
])('configures the ingress when %s changes', (_, ingress) => {
  expect(sameState(stateOf({ ingress: { ...testService().ingress, ...ingress } }), stateOf())).toBe(false);
});

it('says when there are no replicas to wait for', () => {
  expect(stateOf({ replicas: 0 })).toMatchObject({ empty: true });
  expect(stateOf({ replicas: 1 })).not.toHaveProperty('empty');
});
