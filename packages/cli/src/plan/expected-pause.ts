import type { Release } from '../model/release.ts';

/** What a change of hands takes, where nothing was measured yet. */
const USUAL_MS = 2000;
/** What the stop of the old container adds to the start of the new one, where no whole change was measured yet. */
const STOP_MS = 500;

/**
 * How long a service will be away while it changes hands, in milliseconds: the longest of the last changes that the
 * ledger has, else what its containers took to start.
 */
export function expectedPauseMs(service: string, current: Pick<Release, 'pausesMs' | 'readyMs'> | undefined): number {
  const measured = current?.pausesMs?.[service];
  if (typeof measured === 'number') return measured;
  if (measured !== undefined && measured.length > 0) return Math.max(...measured);
  const ready = current?.readyMs?.[service];
  return ready === undefined ? USUAL_MS : ready + STOP_MS;
}
