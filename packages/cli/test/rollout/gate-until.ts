import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from './test-context.ts';

/** What a message calls the deadline of such a gate, in milliseconds. Nothing else that lobbie waits for takes as long. */
const DEADLINE_MS = 20_000;
/** A guard against hanging, as in the vitest configuration. */
const HANGS_MS = 1_200_000;

/**
 * Surroundings whose gates end by an event and not by the clock, so that a slow replica has all the time it needs to
 * fail as it is meant to. What runs at a gate at that time is late; gates after that, such as those of the undo, are not.
 *
 * @param over a failed check that looks like this, or anything else that resolves
 */
export function gateUntil(context: TestContext, over: RegExp | (() => Promise<unknown>)): TestContext {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  let watched = false;
  const end = (): void => {
    isOver = true;
    resolve();
  };
  const deadline = async (signal?: AbortSignal): Promise<void> => {
    const hanging = sleep(HANGS_MS, undefined, signal === undefined ? {} : { signal });
    if (isOver) return hanging;
    const watching = !watched && !(over instanceof RegExp) ? over().then(end) : promise;
    watched = true;
    hanging.catch(() => {});
    await Promise.race([promise, watching, hanging]);
  };
  return {
    ...context,
    gateTimeoutMs: DEADLINE_MS,
    clock: {
      ...context.clock,
      sleep: (ms, signal) => (ms === DEADLINE_MS ? deadline(signal) : context.clock.sleep(ms, signal)),
    },
    report: (event) => {
      context.report(event);
      if (event.type === 'gate-waiting' && over instanceof RegExp && over.test(event.lastCheck)) end();
    },
  };
}
