import { describe, expect, it } from 'vitest';
import type { CountedAnswers } from '../../../src/model/answers.ts';
import type { Event } from '../../../src/model/events.ts';
import type { AnswerCount } from '../../../src/rollout/record/answer-count.ts';
import { watchAnswers } from '../../../src/rollout/record/watch-answers.ts';
import { fakeClock } from '../../fake-clock.ts';

const window = (total: number, serverErrors: number) => ({ total, failed: 0, retried: 0, serverErrors, seconds: 1 });

/** What comes of a watch: the failure, or the warnings. */
async function watched(before: [number, number], after: [number, number] | undefined, minRequests = 20) {
  const events: Event[] = [];
  const counted: CountedAnswers | undefined = after && {
    before: window(...before),
    during: window(0, 0),
    after: window(...after),
    http: true,
    rose: false,
  };
  const slept: number[] = [];
  const clock = { ...fakeClock(), sleep: async (ms: number) => void slept.push(ms) };
  const answers = { soFar: async () => counted } as unknown as AnswerCount;
  const step = {
    kind: 'watch-answers',
    service: 'web',
    monitorMs: 10_000,
    maxErrorRatio: 0.05,
    minRequests,
    reason: '',
  } as const;
  const watch = watchAnswers(
    { clock, report: (event) => events.push(event), answers },
    step,
    new AbortController().signal,
  );
  const failure = await watch.then(
    () => undefined,
    ({ code, message }) => `${code} ${message}`,
  );
  expect(slept).toEqual([10_000]);
  return failure ?? events.map((event) => (event.type === 'warning' ? event.message : event.type));
}

describe('the watch over the answers of a service', () => {
  it('fails with more errors than are allowed and than before', async () => {
    expect(await watched([100, 1], [200, 45])).toBe(
      'TOO_MANY_ERRORS Service web answered 45 of 200 requests (22.5 %) with 5xx in the 10 s after the switch: more than max_error_ratio 0.05 allows. Before: 1 of 100 requests (1 %).',
    );
    expect(await watched([0, 0], [20, 2])).toMatch(/^TOO_MANY_ERRORS .* allows\.$/);
  });

  it('passes with as many as are allowed, or fewer than before', async () => {
    expect(await watched([100, 0], [200, 10])).toEqual([]);
    expect(await watched([100, 50], [200, 100])).toEqual([]);
    expect(await watched([100, 51], [200, 100])).toEqual([]);
  });

  it('says so where it could not decide', async () => {
    expect(await watched([100, 0], [19, 19])).toEqual([
      'max_error_ratio of web was not checked: 19 requests in 10 s after the switch, fewer than min_requests (20).',
    ]);
    expect(await watched([100, 0], [1, 1], 1)).toMatch(/^TOO_MANY_ERRORS/);
    expect(await watched([100, 0], undefined)).toEqual([
      'max_error_ratio of web was not checked: its ingress did not report its counters.',
    ]);
  });
});
