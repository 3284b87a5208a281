import type { RolloutContext } from './context.ts';
import { pausesOf } from './pauses-of.ts';

/** The point of no return: from here on the new release is what the project is, and the old containers may go. */
export async function commitRelease(context: RolloutContext): Promise<void> {
  const { ledger, clock, events } = context;
  const { running, current: former } = ledger.state;
  if (running === null) return;
  const current = {
    ...running,
    pausesMs: { ...former?.pausesMs, ...pausesOf(events, context) },
    endedAtMs: clock.now(),
    outcome: 'deployed',
  } as const;
  // The state is what decides, so it is written last: a commit that fails before has not happened.
  await ledger.recordRelease(current);
  await ledger.write({ current, running: null });
}
