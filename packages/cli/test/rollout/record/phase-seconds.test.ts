import { expect, it } from 'vitest';
import type { Event } from '../../../src/model/events.ts';
import type { ToldStep } from '../../../src/model/step.ts';
import { phaseSeconds } from '../../../src/rollout/record/phase-seconds.ts';

const replica = { service: 'api', index: 1 };
const done = (kind: 'start-replica' | 'gate-replica' | 'drain-replica', timeMs: number, seconds: number): Event => ({
  type: 'step-done',
  timeMs,
  id: `${kind} ${timeMs}`,
  step: { kind, replica, container: 'c', reason: 'r', spec: 's' } as ToldStep,
  seconds,
  undo: false,
});

it('counts what ran side by side once, and gaps not at all', () => {
  const events = [done('gate-replica', 3000, 2), done('gate-replica', 2500, 2), done('gate-replica', 9000, 1)];
  expect(phaseSeconds(events)).toEqual({ build: 0, start: 0, gate: 3.5, switch: 0 });
});

it('puts builds, starts, gates and the switch apart, and leaves undoing out', () => {
  const undone = { ...done('drain-replica', 8000, 5), undo: true } as Event;
  const built: Event = { type: 'image-done', timeMs: 2000, image: 'i', act: 'build', seconds: 1.25 };
  expect(phaseSeconds([built, done('start-replica', 3000, 1), done('drain-replica', 4000, 0.5), undone])).toEqual({
    build: 1.25,
    start: 1,
    gate: 0,
    switch: 0.5,
  });
});
