import type { RolloutContext } from './context.ts';

/** The point of no return: from here on the new release is what the project is, and the old containers may go. */
export async function commitRelease({ ledger, clock }: RolloutContext): Promise<void> {
  const { running } = ledger.state;
  if (running === null) return;
  const current = { ...running, endedAtMs: clock.now(), outcome: 'deployed' } as const;
  await ledger.write({ current, running: null });
  await ledger.recordRelease(current);
}
