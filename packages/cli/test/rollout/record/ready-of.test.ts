import { expect, it } from 'vitest';
import type { Event } from '../../../src/model/events.ts';
import type { ToldStep } from '../../../src/model/step.ts';
import { readyOf } from '../../../src/rollout/record/ready-of.ts';

const step = (kind: 'start-replica' | 'gate-replica', service: string, index = 1): ToldStep => {
  const common = { replica: { service, index }, container: 'c', reason: '' };
  return kind === 'start-replica' ? { kind, ...common, spec: '' } : { kind, ...common };
};
const began = (timeMs: number, one: ToldStep): Event => ({
  type: 'step-started',
  timeMs,
  id: '',
  step: one,
  undo: false,
});
const done = (timeMs: number, one: ToldStep): Event =>
  ({ ...began(timeMs, one), type: 'step-done', seconds: 0 }) as Event;

it('measures from the start of a replica until it passed its gate; the longest of a service', () => {
  expect(
    readyOf([
      began(1000, step('start-replica', 'db')),
      done(1200, step('start-replica', 'db')),
      began(1200, step('start-replica', 'web')),
      began(1300, step('start-replica', 'web', 2)),
      done(7800, step('gate-replica', 'db')),
      done(2000, step('gate-replica', 'web')),
      done(2300, step('gate-replica', 'web', 2)),
      done(9000, step('gate-replica', 'kept')),
    ]),
  ).toEqual({ db: 6800, web: 1000 });
});
