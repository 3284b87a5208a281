import { describe, expect, it } from 'vitest';
import type { SlotFill } from '../../src/model/ingress.ts';
import type { ObservedReplica, ObservedState } from '../../src/model/observed.ts';
import { predecessorOf } from '../../src/rollout/predecessor-of.ts';
import { deployed, replicaOf, testDesired, testRelease, testService } from '../plan/plan-fixtures.ts';

const service = testService({ replicas: 1 });
const of = (release: string, change: Partial<ObservedReplica> = {}): ObservedReplica => ({
  ...replicaOf(service, 1, release, ''),
  ...change,
});

/** `old` was deployed, `a` given up, and `b` killed on the way. */
function afterRepair(replicas: readonly ObservedReplica[], slots?: Record<string, SlotFill['state']>): ObservedState {
  const state = deployed(testDesired([service]));
  const filled = Object.entries(slots ?? {}).map(([release, slot]) => ({
    container: `p-api-1-${release}`,
    state: slot,
  }));
  const ingresses = state.ingresses.flatMap((one) =>
    one.config && slots ? [{ ...one, config: { ...one.config, slots: filled } }] : [],
  );
  return { ...state, replicas, ingresses, unfinished: testRelease('b') };
}

const STARTED: Readonly<Record<string, number>> = { 'p-api-1-old': 1, 'p-api-1-a': 2, 'p-api-1-b': 3 };
const ledger = {
  readContainer: async (name: string) => ({
    id: name,
    name,
    replica: { service: 'api', index: 1 },
    release: '',
    image: '',
    startedAtMs: STARTED[name] ?? 0,
  }),
};

const [old, a, b] = [of('old'), of('a'), of('b')];

describe('predecessorOf', () => {
  it.each([
    ['which the ingress sends requests to', afterRepair([a, b, old], { old: 'ready', b: 'drain' })],
    ['which was drained for one that has its place already', afterRepair([a, b, old], { old: 'drain', b: 'ready' })],
    ['which was there first, where no ingress says more', afterRepair([a, b, old])],
  ])('is the one that served, %s', async (_, observed) => {
    expect((await predecessorOf(b, observed, ledger))?.container).toBe('p-api-1-old');
  });

  it('is the one that serves now, for a container that is new', async () => {
    const observed = afterRepair([a, b, old], { old: 'drain', b: 'ready' });
    expect((await predecessorOf(of('new'), observed, ledger))?.container).toBe('p-api-1-b');
  });

  it('is none for a container that served before, whatever stands beside it', async () => {
    expect(await predecessorOf(old, afterRepair([a, b, old], { old: 'ready' }), ledger)).toBeUndefined();
    expect(await predecessorOf(old, afterRepair([a, b, old]), ledger)).toBeUndefined();
  });

  it('is none that never ran, or never came to serve', async () => {
    expect(await predecessorOf(of('new'), afterRepair([of('a', { state: 'created' }), b]), ledger)).toBeUndefined();
  });
});
