import { describe, expect, it } from 'vitest';
import { heldNow, portMoves } from '../../src/plan/port-moves.ts';
import { drain } from '../../src/plan/replica-steps.ts';
import { deployed, tcp, testDesired, testService } from './plan-fixtures.ts';

const old = deployed(testDesired([testService({ name: 'web', ports: [tcp(8080, 80)] })]));
const site = testService({ name: 'site', ports: [tcp(8080, 80)] });

describe('portMoves', () => {
  it.each([
    ['running', 1],
    ['paused', 1],
    ['restarting', 1],
    ['created', 0],
    ['removing', 0],
    ['exited', 0],
    ['dead', 0],
  ] as const)('waits for an ingress that is %s: %i', (state, moves) => {
    const ingresses = old.ingresses.map((one) => ({ ...one, state }));
    expect(portMoves([site], heldNow({ ...old, ingresses }))).toHaveLength(moves);
  });

  it('waits for ports on all IPv6 addresses, not for those on IPv4', () => {
    const heldOn = (hostIp: string) => old.ingresses.map((one) => ({ ...one, ports: [{ ...tcp(8080, 80), hostIp }] }));
    const wanted = testService({ name: 'site', ports: [{ ...tcp(8080, 80), hostIp: '::1' }] });
    expect(portMoves([wanted], heldNow({ ...old, ingresses: heldOn('::') }))).toHaveLength(1);
    expect(portMoves([wanted], heldNow({ ...old, ingresses: heldOn('0.0.0.0') }))).toEqual([]);
  });
});

it.each([
  ['running', ['drain p-web-1-old']],
  ['removing', []],
  ['exited', []],
] as const)('a replica that is %s is drained: %j', (state, steps) => {
  const [replica] = old.replicas;
  if (replica === undefined) throw new Error('The test expects a replica.');
  const slots = [{ container: replica.container, state: 'ready' }] as const;
  const definitions = { known: undefined, released: undefined, before: undefined };
  const drained = drain({ ...replica, state }, { reason: '', after: [], idle: false }, { slots, definitions });
  expect(drained.map(({ id }) => id)).toEqual(steps);
});
