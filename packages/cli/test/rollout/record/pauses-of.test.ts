import { expect, it } from 'vitest';
import type { Event } from '../../../src/model/events.ts';
import type { ToldStep } from '../../../src/model/step.ts';
import { pausesOf } from '../../../src/rollout/record/pauses-of.ts';
import { testProject } from '../test-project.ts';

type Kind =
  | 'retire-replica'
  | 'resume-replica'
  | 'drain-replica'
  | 'stop-replica'
  | 'start-replica'
  | 'gate-replica'
  | 'admit-replica';
const [web] = testProject({ name: 'p', history: '/h' }).services;
if (web === undefined) throw new Error('The test project has a service.');
const CHECK = { test: ['CMD', 'true'], intervalMs: 0, timeoutMs: 0, retries: 0, startPeriodMs: 0 };
const { order: _order, ...update } = web.update;
const { healthcheck: _healthcheck, ...unchecked } = web;
const inside = { ...unchecked, ports: [], update };
const CONTEXT = {
  traits: {},
  project: {
    ...testProject({ name: 'p', history: '/h' }),
    services: [
      { ...web, name: 'wiki' },
      { ...inside, name: 'cron', healthcheck: CHECK },
      { ...inside, name: 'worker' },
    ],
  },
};
const withStopFirst = {
  ...CONTEXT,
  project: { ...CONTEXT.project, services: [{ ...web, name: 'wiki', update }] },
};
const step = (kind: Kind, service: string, index = 1): ToldStep => {
  const common = { replica: { service, index }, container: 'c', reason: '' };
  return kind === 'start-replica' ? { kind, ...common, spec: '' } : { kind, ...common };
};
const started = (timeMs: number, one: ToldStep): Event => ({
  type: 'step-started',
  timeMs,
  id: '',
  step: one,
  undo: false,
});
const done = (timeMs: number, one: ToldStep): Event => ({
  type: 'step-done',
  timeMs,
  id: '',
  step: one,
  seconds: 0,
  undo: false,
});

it('measures from the stop of the old one until the new one is admitted, healthy or started; the longest of a service', () => {
  expect(
    pausesOf(
      [
        started(1000, step('stop-replica', 'wiki')),
        started(1500, step('stop-replica', 'cron')),
        done(2000, step('gate-replica', 'wiki')),
        done(2100, step('admit-replica', 'wiki')),
        done(2500, step('gate-replica', 'cron')),
        started(3000, step('stop-replica', 'wiki', 2)),
        done(3500, step('admit-replica', 'wiki', 2)),
        done(4000, step('gate-replica', 'web')),
        started(4000, step('stop-replica', 'worker')),
        done(4300, step('start-replica', 'worker')),
        done(9300, step('gate-replica', 'worker')),
      ],
      CONTEXT,
    ),
  ).toEqual({ wiki: 1100, cron: 1000, worker: 300 });
});

it('begins with the drain of the only replica: new requests wait from then on', () => {
  const [wiki] = CONTEXT.project.services;
  if (wiki === undefined) throw new Error('The test project has a service.');
  const events = [
    started(1000, step('drain-replica', 'wiki')),
    started(4000, step('stop-replica', 'wiki')),
    done(5000, step('admit-replica', 'wiki')),
  ];
  const pausesWith = (replicas: number) =>
    pausesOf(events, { ...CONTEXT, project: { ...CONTEXT.project, services: [{ ...wiki, replicas }] } });
  expect(pausesWith(1)).toEqual({ wiki: 4000 });
  // Another one serves meanwhile.
  expect(pausesWith(2)).toEqual({ wiki: 1000 });
});

it('lasts until the old one serves again where the rollout is undone', () => {
  const undo = (event: Event): Event => ({ ...event, undo: true }) as Event;
  const stopped = started(1000, step('stop-replica', 'wiki'));
  const back = [undo(done(4000, step('resume-replica', 'wiki'))), undo(done(4200, step('admit-replica', 'wiki')))];
  expect(pausesOf([stopped, ...back], withStopFirst)).toEqual({ wiki: 3200 });
  // The new one served from 1500 to 3000.
  const served = [done(1500, step('admit-replica', 'wiki')), undo(started(3000, step('retire-replica', 'wiki')))];
  expect(pausesOf([stopped, ...served, ...back], withStopFirst)).toEqual({ wiki: 1200 });
  // A start-first one had its new replica beside it.
  expect(pausesOf([stopped, ...back], CONTEXT)).toEqual({});
});
