import type { Release, ReleaseOutcome } from '../../model/release.ts';
import type { Given } from '../given/given.ts';

/**
 * Writes the end of a failed release to the ledger. A failure to write gives a warning and changes nothing that runs.
 * Names the previous release again, because a failed commit may have been written. A release that was not restored
 * stays the running one, with its outcome: `lobbie status` shows it, and the next rollout checks what is left of it.
 */
export async function closeRelease(
  { ledger, clock }: Pick<Given, 'ledger' | 'clock'>,
  release: Release,
  current: Release | undefined,
): Promise<string[]> {
  const ended = { ...release, endedAtMs: clock.now() };
  try {
    const running = release.outcome === 'failed-not-restored' ? ended : null;
    const history = current?.project.history?.source ?? ledger.state.history;
    await ledger.write({ current: current ?? null, running, history, ingresses: {} }, ended);
    return [];
  } catch (error) {
    return [lostWord(error)];
  }
}

/** Changes the outcome of the release that was just committed. */
export async function markRelease({ ledger }: Pick<Given, 'ledger'>, outcome: ReleaseOutcome): Promise<string[]> {
  const { current } = ledger.state;
  if (current === null) return [];
  try {
    await ledger.write({ current: { ...current, outcome } }, { ...current, outcome });
    return [];
  } catch (error) {
    return [lostWord(error)];
  }
}

const lostWord = (error: unknown): string =>
  `The ledger could not be written: ${error instanceof Error ? error.message : String(error)}`;
