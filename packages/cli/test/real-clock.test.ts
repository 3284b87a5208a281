import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { timerMs } from '../src/model/timer-ms.ts';
import { realClock } from '../src/real-clock.ts';

it('sleeps on for longer than a timer of Node can', async () => {
  const over = new AbortController();
  let ended = false;
  const long = realClock.sleep(2 ** 31, over.signal).finally(() => {
    ended = true;
  });
  // A timer that is too long fires after 1 ms.
  await realClock.sleep(20);
  expect(ended).toBe(false);
  over.abort(new Error('enough'));
  await expect(long).rejects.toThrow();
});

it.each([0, 0.4, 1.5, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])(
  'gives Node a timer that it takes for %s ms',
  (ms) => {
    expect(realClock.timeout(ms).aborted).toBe(false);
    expect(timerMs(ms)).toBeLessThan(2 ** 31);
  },
);

it('calls back once after a time, again and again every so often, and not once it is stopped', async () => {
  const called: string[] = [];
  realClock.after(1, () => called.push('stopped'))();
  realClock.every(1, () => called.push('stopped'))();
  await new Promise<void>((resolve) => {
    let ticks = 0;
    const stop = realClock.every(1, () => {
      ticks += 1;
      if (ticks < 3) return;
      stop();
      realClock.after(5, resolve);
      called.push('ticked');
    });
    // Keeps the test alive: `every` does not.
  });
  expect(called).toEqual(['ticked']);
});

it('aborts when the time is up', async () => {
  const signal = realClock.timeout(1);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

it('keeps no process alive for what repeats, and for a timeout', async () => {
  const clock = fileURLToPath(new URL('../src/real-clock.ts', import.meta.url));
  const script = `const { realClock } = await import(${JSON.stringify(clock)});
    realClock.every(600_000, () => undefined);
    realClock.timeout(600_000);
    console.log('over');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('over\n');
});
