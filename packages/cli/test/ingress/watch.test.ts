import { expect, it } from 'vitest';
import { createWatch } from '../../src/ingress/watch.ts';

it('shares each look among all who wait', async () => {
  let looks = 0;
  const watch = createWatch(async () => ++looks, 1);
  const reached = await Promise.all([
    watch.until((seen) => seen >= 3, { timeoutMs: 300_000 }),
    watch.until((seen) => seen >= 5, { timeoutMs: 300_000 }),
  ]);
  expect(reached).toEqual([true, true]);
  expect(looks).toBe(5);
});

it('wants a test to hold as often in a row as told', async () => {
  const answers = [true, false, true, true];
  let looks = 0;
  const watch = createWatch(async () => answers[looks++] ?? true, 1);
  await watch.until((seen) => seen, { timeoutMs: 300_000, times: 2 });
  expect(looks).toBe(4);
});

it('answers false when the time has passed, and looks no more', async () => {
  let looks = 0;
  const watch = createWatch(async () => ++looks, 1);
  expect(await watch.until(() => false, { timeoutMs: 20 })).toBe(false);
  const then = looks;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks).toBeLessThanOrEqual(then + 1);
});

it('rejects with the reason of an abort', async () => {
  const watch = createWatch(async () => 0, 1);
  const abort = new AbortController();
  const waiting = watch.until(() => false, { timeoutMs: 300_000, signal: abort.signal });
  abort.abort(new Error('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
});

it('fails who waits when it cannot look, and works again for who comes later', async () => {
  let broken = true;
  const watch = createWatch(async () => {
    if (broken) throw new Error('gone');
    return 1;
  }, 1);
  await expect(watch.until(() => true, { timeoutMs: 300_000 })).rejects.toThrow('gone');
  broken = false;
  expect(await watch.until(() => true, { timeoutMs: 300_000 })).toBe(true);
});
