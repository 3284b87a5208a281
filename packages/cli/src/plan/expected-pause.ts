import type { Release } from '../model/release.ts';

/** The assumed length of a pause before any was measured. */
const USUAL_MS = 2000;
/** The time to stop the old container, added to the start of the new one, if no whole pause was measured yet. */
const STOP_MS = 500;

/**
 * How long a stop-first service will be away, in milliseconds: the longest of its last pauses in the ledger, else the
 * time that its containers took to start.
 */
export function expectedPauseMs(service: string, current: Pick<Release, 'pausesMs' | 'readyMs'> | undefined): number {
  const measured = current?.pausesMs?.[service];
  if (typeof measured === 'number') return measured;
  if (measured !== undefined && measured.length > 0) return Math.max(...measured);
  const ready = current?.readyMs?.[service];
  return ready === undefined ? USUAL_MS : ready + STOP_MS;
}
