import { expect, it } from 'vitest';
import { timerMs } from '../src/model/timer-ms.ts';
import { sleep } from '../src/sleep.ts';

it('sleeps on for longer than a timer of Node can', async () => {
  const over = new AbortController();
  let ended = false;
  const long = sleep(2 ** 31, over.signal).finally(() => {
    ended = true;
  });
  // A timer that is too long fires after 1 ms.
  await sleep(20);
  expect(ended).toBe(false);
  over.abort(new Error('enough'));
  await expect(long).rejects.toThrow();
});

it.each([0, 0.4, 1.5, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])(
  'gives Node a timer that it takes for %s ms',
  (ms) => {
    expect(AbortSignal.timeout(timerMs(ms)).aborted).toBe(false);
    expect(timerMs(ms)).toBeLessThan(2 ** 31);
  },
);
