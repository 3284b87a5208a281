import type { IngressCounters } from './ingress.ts';

/** What an ingress counted within a window of time. */
export interface CountedRequests extends IngressCounters {
  /** How long the window was; absent: since the ingress began to count. */
  readonly seconds?: number;
}

/** The answers of one service before, during and after the switch. */
export interface CountedAnswers {
  /** Absent where its ingress is new. */
  readonly before?: CountedRequests;
  readonly during: CountedRequests;
  /** Absent where the switch did not come to its end. */
  readonly after?: CountedRequests;
  /** Of its connections some were HTTP, as far as that is known: only those have answers of 5xx. */
  readonly http: boolean;
  /** The totals of the rollout include it: it publishes a port, or no service does. Set in receipts. */
  readonly summed?: boolean;
  /** A larger share failed, or was answered 5xx, during or after the switch than before. */
  readonly rose: boolean;
}

/** Answers of 5xx, and requests that got none: what users saw fail. */
export const errorsIn = ({ failed, serverErrors }: IngressCounters): number => failed + serverErrors;

/** 0 to 1; 0 where nothing was asked. */
export const errorShare = (counted: IngressCounters | undefined): number =>
  counted === undefined || counted.total <= 0 ? 0 : Math.min(1, errorsIn(counted) / counted.total);
