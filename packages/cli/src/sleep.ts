import { setTimeout } from 'node:timers/promises';
import { timerMs } from './model/timer-ms.ts';

/** `Clock.sleep`, for any number of milliseconds. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let left = ms;
  do {
    const part = timerMs(left);
    await setTimeout(part, undefined, signal === undefined ? {} : { signal });
    left -= part;
  } while (left > 0);
}
