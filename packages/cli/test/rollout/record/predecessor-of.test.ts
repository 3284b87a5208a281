import { describe, expect, it } from 'vitest';
import { predecessorOf } from '../../../src/rollout/record/receipt.ts';
import { replicaOf, testService } from '../../plan/plan-fixtures.ts';

const service = testService({ replicas: 2 });
const of = (release: string, isDeployed: boolean, index = 1) => ({
  ...replicaOf(service, index, release, ''),
  deployed: isDeployed,
});
/** `old` was deployed, `a` given up, and `b` killed on the way. */
const [old, a, b] = [of('old', true), of('a', false), of('b', false)];
const before = [a, b, of('old', true, 2), old];

describe('predecessorOf', () => {
  it('is the one that was deployed, for one that is new and for one that a rollout which died had made', () => {
    expect(predecessorOf(of('new', false), before)).toBe(old);
    expect(predecessorOf(b, before)).toBe(old);
  });

  it('is none for the one that was deployed and stays, whatever stands beside it', () => {
    expect(predecessorOf(old, before)).toBeUndefined();
  });

  it('is none where nothing was deployed', () => {
    expect(predecessorOf(of('new', false), [a, b])).toBeUndefined();
  });
});
