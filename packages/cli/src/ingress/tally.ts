import type { IngressCounters } from '../model/ingress.ts';
import { addCounters, NO_REQUESTS } from './read-counters.ts';
import type { WorkerInfo } from './reload.ts';

/** Adds up what the workers of one ingress counted: each begins at 0. */
export interface Tally {
  /** What all of them counted until now. */
  add(worker: Worker, counted: IngressCounters): IngressCounters;
  /** A reload replaces the worker: these are its last counters. */
  end(worker: Worker, counted: IngressCounters): void;
  /** How often the container was restarted meanwhile. */
  readonly restarts: number;
}

type Worker = Pick<WorkerInfo, 'pid' | 'started' | 'generation'>;

/**
 * Starts at 0. A container that is restarted begins to count anew without a reload: its former counters are then taken
 * as they were read last.
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
