import { expect, it } from 'vitest';
import type { Event } from '../../src/model/events.ts';
import type { Step } from '../../src/model/plan.ts';
import { pausesOf } from '../../src/rollout/pauses-of.ts';

const step = (kind: 'stop-replica' | 'gate-replica' | 'admit-replica', service: string, index = 1): Step => ({
  kind,
  replica: { service, index },
  container: 'c',
  reason: '',
});
const started = (timeMs: number, one: Step): Event => ({
  type: 'step-started',
  timeMs,
  id: '',
  step: one,
  undo: false,
});
const done = (timeMs: number, one: Step): Event => ({
  type: 'step-done',
  timeMs,
  id: '',
  step: one,
  seconds: 0,
  undo: false,
});

it('measures from the stop of the old one to the admission of the new one, or to its gate; the longest of a service', () => {
  expect(
    pausesOf([
      started(1000, step('stop-replica', 'wiki')),
      started(1500, step('stop-replica', 'cron')),
      done(2000, step('gate-replica', 'wiki')),
      done(2100, step('admit-replica', 'wiki')),
      done(2500, step('gate-replica', 'cron')),
      started(3000, step('stop-replica', 'wiki', 2)),
      done(3500, step('admit-replica', 'wiki', 2)),
      done(4000, step('gate-replica', 'web')),
    ]),
  ).toEqual({ wiki: 1100, cron: 1000 });
});
