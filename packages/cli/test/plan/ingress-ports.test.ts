import { describe, expect, it } from 'vitest';
import type { IngressPort } from '../../src/model/ingress.ts';
import type { Service } from '../../src/model/service.ts';
import { ingressState } from '../../src/plan/ingress-state.ts';
import { testService } from './plan-fixtures.ts';

const portsOf = (change: Partial<Service>, known: readonly IngressPort[] = []): readonly IngressPort[] =>
  ingressState(testService({ ports: [], ...change }), { ports: known, slots: [] }).ports;

describe('the ports of an ingress', () => {
  it.each<[string, Partial<Service>, IngressPort[], IngressPort[]]>([
    ['waits for a port that others name', { addressed: [3000] }, [], [{ port: 3000, mode: 'auto', unseen: true }]],
    ['leaves an exposed port to the gate', { expose: [3000] }, [], []],
    ['keeps what a gate found', {}, [{ port: 9090, mode: 'auto' }], [{ port: 9090, mode: 'auto' }]],
    ['forgets what closed and nobody names', {}, [{ port: 9090, mode: 'auto', closed: true }], []],
    [
      'keeps what closed and the file exposes',
      { expose: [9090] },
      [{ port: 9090, mode: 'auto', closed: true }],
      [{ port: 9090, mode: 'auto', closed: true }],
    ],
    [
      'adds a port that has opened since',
      { front: { ingress: true, listens: [3000, 9090] } },
      [{ port: 3000, mode: 'auto', seen: 'http' }],
      [
        { port: 3000, mode: 'auto', seen: 'http' },
        { port: 9090, mode: 'auto', unseen: true },
      ],
    ],
    [
      'opens one again that was closed',
      { expose: [9090], front: { ingress: true, listens: [9090] } },
      [{ port: 9090, mode: 'auto', closed: true }],
      [{ port: 9090, mode: 'auto', unseen: true }],
    ],
  ])('%s', (_what, change, known, ports) => {
    expect(portsOf(change, known)).toEqual(ports);
  });
});
