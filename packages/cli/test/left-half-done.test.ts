import { describe, expect, it } from 'vitest';
import { leftHalfDone, type Standing, standingAfter } from '../src/left-half-done.ts';
import type { Event } from '../src/model/events.ts';
import type { ToldStep } from '../src/model/step.ts';

const timeMs = 0;
const started: Event = { type: 'deploy-started', timeMs, command: 'deploy', project: 'p', release: 'r2', engine: 'e' };
const step = (type: 'step-started' | 'step-done', one: ToldStep, undo = false): Event => ({
  type,
  timeMs,
  id: 'one',
  seconds: 0,
  undo,
  step: one,
});
const starts: ToldStep = {
  kind: 'start-replica',
  reason: '',
  replica: { service: 'api', index: 1 },
  container: 'p-api-1-r2',
  spec: '',
};
const commits: ToldStep = { kind: 'commit-release', reason: '', release: 'r2', containers: [] };
const undo: Event = { type: 'undo-started', timeMs, because: 'Interrupted by SIGINT.' };

const after = (...events: Event[]) =>
  leftHalfDone(
    events.reduce<Standing>((standing, event) => standingAfter(standing, event), { at: 'looking' }),
    'SIGINT',
  );

const HALF =
  /^Interrupted by a second SIGINT: release r2 of project p is only partly rolled out, and the previous state is not/;

describe('what a second signal leaves', () => {
  it('is nothing before the first step', () => {
    expect(after()).toBeUndefined();
    expect(after(started)).toBeUndefined();
  });

  it.each([
    ['while it is rolled out', [step('step-started', starts), step('step-done', starts)]],
    ['while it is taken back', [step('step-started', starts), undo, step('step-started', starts, true)]],
    ['while a commit is taken back', [step('step-started', commits), step('step-done', commits), undo]],
  ] satisfies [string, Event[]][])('is half a release %s', (_, events) => {
    const left = after(started, ...events);
    expect(left).toMatchObject({ code: 'LEFT_HALF_DONE', message: expect.stringMatching(HALF) });
    expect(left?.hint).toMatch(/the next `lobbie deploy` or `lobbie recreate` finishes or undoes the release/);
  });

  it('is what was replaced once the release is committed', () => {
    const left = after(
      started,
      step('step-started', commits),
      step('step-done', commits),
      step('step-started', starts),
    );
    expect(left).toMatchObject({
      code: 'LEFT_HALF_DONE',
      message:
        'Interrupted by a second SIGINT: release r2 of project p is deployed, and some of the old containers are left.',
    });
  });

  it('is a project, whole or in part, while that is taken down', () => {
    const left = leftHalfDone({ at: 'taking-down', project: 'p' }, 'SIGTERM');
    expect(left?.message).toBe('Interrupted by a second SIGTERM: project p is not completely removed.');
    expect(left?.hint).toContain('the next `lobbie down`');
  });
});
