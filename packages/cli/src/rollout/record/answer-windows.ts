import { NO_REQUESTS } from '../../ingress/read-counters.ts';
import { type CountedAnswers, type CountedRequests, errorShare } from '../../model/answers.ts';
import type { IngressCounters } from '../../model/ingress.ts';

/** The counters of the ingresses at one moment. Services without counters are left out. */
export interface Reading {
  readonly timeMs: number;
  readonly counters: ReadonlyMap<string, IngressCounters>;
  /** Services whose connections so far were all something other than HTTP. */
  readonly bytes: ReadonlySet<string>;
}

/**
 * The moments at which the ingresses are read: at the beginning of the rollout, before the first step that changes who
 * serves, after the last one, and at the end.
 */
export type Moment = 'begun' | 'switching' | 'switched' | 'ended';

/**
 * With this many requests while the new replicas start, they show the state before the switch. Otherwise all earlier
 * ones do.
 */
const ENOUGH = 20;

/**
 * The answers of one service before, during and after the switch; undefined if they were not read, or if nothing was
 * replaced. Before: from the beginning of the rollout to the switch or, with fewer than {@link ENOUGH} requests in that
 * time, since its ingress began to count.
 *
 * @param isNew the service had no ingress before, so its first one counts from 0
 */
export function answerWindows(
  service: string,
  readings: Readonly<Partial<Record<Moment, Reading>>>,
  isNew: boolean,
): CountedAnswers | undefined {
  const { begun, switching, switched, ended } = readings;
  const counted = (reading: Reading): IngressCounters | undefined =>
    reading.counters.get(service) ?? (isNew ? NO_REQUESTS : undefined);
  const between = (from: Reading, to: Reading): CountedRequests | undefined => {
    const [a, b] = [counted(from), counted(to)];
    return a && b && { ...countedBetween(a, b), seconds: (to.timeMs - from.timeMs) / 1000 };
  };
  if (!begun || !switching || !ended) return undefined;
  const recent = isNew ? undefined : between(begun, switching);
  const before = recent && recent.total < ENOUGH ? counted(switching) : recent;
  const during = between(switching, switched ?? ended);
  const after = switched && between(switched, ended);
  if (during === undefined) return undefined;
  // Recent errors say more than the share since the ingress started, which may be diluted.
  const was = Math.max(errorShare(recent), errorShare(before));
  return {
    ...(before && { before }),
    during,
    ...(after && { after }),
    http: !ended.bytes.has(service),
    rose: errorShare(during) > was || errorShare(after) > was,
  };
}

/**
 * The counts between two readings. A request counts in the window in which it fails: an answer that began before it may
 * break off in it.
 */
export const countedBetween = (before: IngressCounters, after: IngressCounters): IngressCounters => {
  const least = (name: keyof IngressCounters): number => Math.max(0, after[name] - before[name]);
  const [failed, serverErrors] = [least('failed'), least('serverErrors')];
  return { total: Math.max(least('total'), failed + serverErrors), failed, retried: least('retried'), serverErrors };
};
