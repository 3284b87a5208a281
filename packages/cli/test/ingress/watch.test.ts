import { expect, it } from 'vitest';
import { createWatch } from '../../src/ingress/watch.ts';
import { fakeClock } from '../fake-clock.ts';

it('shares each look among all who wait', async () => {
  const clock = fakeClock();
  let looks = 0;
  const watch = createWatch(clock, async () => ++looks, 10);
  const reached = Promise.all([
    watch.until((seen) => seen >= 3, { timeoutMs: 1000 }),
    watch.until((seen) => seen >= 5, { timeoutMs: 1000 }),
  ]);
  await clock.advance(40);
  expect(await reached).toEqual([true, true]);
  await clock.advance(1000);
  expect(looks).toBe(5);
});

it('wants a test to hold as often in a row as told', async () => {
  const clock = fakeClock();
  const answers = [true, false, true, true];
  let looks = 0;
  const watch = createWatch(clock, async () => answers[looks++] ?? true, 10);
  const holds = watch.until((seen) => seen, { timeoutMs: 1000, times: 2 });
  await clock.advance(30);
  expect(await holds).toBe(true);
  expect(looks).toBe(4);
});

it('answers false when the time has passed, and looks no more', async () => {
  const clock = fakeClock();
  let looks = 0;
  const watch = createWatch(clock, async () => ++looks, 10);
  let answer: boolean | undefined;
  void watch
    .until(() => false, { timeoutMs: 25 })
    .then((held) => {
      answer = held;
    });
  await clock.advance(24);
  expect(answer).toBeUndefined();
  await clock.advance(1);
  expect(answer).toBe(false);
  expect(looks).toBe(3);
  await clock.advance(1000);
  expect(looks).toBe(3);
  expect(clock.waiting()).toBe(0);
});

it('rejects with the reason of an abort', async () => {
  const clock = fakeClock();
  const watch = createWatch(clock, async () => 0, 10);
  const abort = new AbortController();
  const waiting = watch.until(() => false, { timeoutMs: 1000, signal: abort.signal });
  abort.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
});

it('fails who waits when it cannot look, and works again for who comes later', async () => {
  const clock = fakeClock();
  let broken = true;
  const look = async (): Promise<number> => {
    if (broken) throw new Error('gone');
    return 1;
  };
  const watch = createWatch(clock, look, 10);
  await expect(watch.until(() => true, { timeoutMs: 1000 })).rejects.toThrow('gone');
  broken = false;
  await clock.advance(10);
  expect(await watch.until(() => true, { timeoutMs: 1000 })).toBe(true);
});
