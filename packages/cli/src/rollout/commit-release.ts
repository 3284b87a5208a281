import type { RolloutContext } from './context.ts';

/** The point of no return: from here on the new release is what the project is, and the old containers may go. */
export async function commitRelease({ ledger, clock }: RolloutContext): Promise<void> {
  const { running } = ledger.state;
  if (running === null) return;
  const current = { ...running, endedAtMs: clock.now(), outcome: 'deployed' } as const;
  // The state is what decides, so it is written last: a commit that fails before has not happened.
  await ledger.recordRelease(current);
  await ledger.write({ current, running: null });
}
