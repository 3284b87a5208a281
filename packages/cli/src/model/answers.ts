import type { IngressCounters } from './ingress.ts';

/** The counters of an ingress within a window of time. */
export interface CountedRequests extends IngressCounters {
  /** Length of the window; absent: since the ingress began to count. */
  readonly seconds?: number;
}

/** The answers of one service before, during and after the switch. */
export interface CountedAnswers {
  /** Absent if the ingress is new. */
  readonly before?: CountedRequests;
  readonly during: CountedRequests;
  /** Absent if the switch did not finish. */
  readonly after?: CountedRequests;
  /** Whether lobbie knows of connections that were HTTP. Only those can have 5xx answers. */
  readonly http: boolean;
  /** Whether the totals of the rollout include it: it publishes a port, or no service does. Set in receipts. */
  readonly summed?: boolean;
  /** Whether a larger share failed or got 5xx during or after the switch than before. */
  readonly rose: boolean;
}

/** The requests that users saw fail: 5xx answers and requests without an answer. */
export const errorsIn = ({ failed, serverErrors }: IngressCounters): number => failed + serverErrors;

/** 0 to 1; 0 if there were no requests. */
export const errorShare = (counted: IngressCounters | undefined): number =>
  counted === undefined || counted.total <= 0 ? 0 : Math.min(1, errorsIn(counted) / counted.total);
