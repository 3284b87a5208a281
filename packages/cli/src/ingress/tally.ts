import type { IngressCounters } from '../model/ingress.ts';
import { addCounters, NO_REQUESTS } from './read-counters.ts';
import type { WorkerInfo } from './reload.ts';

/** Adds up the counters of all workers of one ingress. Each worker starts at 0. */
export interface Tally {
  /** The sum over all workers until now. */
  add(worker: Worker, counted: IngressCounters): IngressCounters;
  /** Called when a reload replaces the worker, with its last counters. */
  end(worker: Worker, counted: IngressCounters): void;
  /** How many times the container was restarted meanwhile. */
  readonly restarts: number;
}

type Worker = Pick<WorkerInfo, 'pid' | 'started' | 'generation'>;

/**
 * Starts at 0. A restarted container starts counting again without a reload. Its previous counters are then those of
 * the last reading.
 */
export const startTally = (): Tally => {
  let ended = NO_REQUESTS;
  let restarts = 0;
  let last: { readonly worker: Worker; readonly counted: IngressCounters } | undefined;
  const keepLast = (worker: Worker): void => {
    if (last === undefined || !isRestarted(last.worker, worker)) return;
    ended = addCounters(ended, last.counted);
    restarts += 1;
  };
  return {
    get restarts() {
      return restarts;
    },
    add(worker, counted) {
      keepLast(worker);
      last = { worker, counted };
      return addCounters(ended, counted);
    },
    end(worker, counted) {
      keepLast(worker);
      ended = addCounters(ended, counted);
      last = undefined;
    },
  };
};

/** A reload gives its worker the next generation. A restart reads the same configuration again. */
const isRestarted = (before: Worker, now: Worker): boolean =>
  before.generation === now.generation && (before.pid !== now.pid || before.started !== now.started);
