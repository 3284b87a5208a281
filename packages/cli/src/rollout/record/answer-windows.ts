import { NO_REQUESTS } from '../../ingress/read-counters.ts';
import { type CountedAnswers, type CountedRequests, errorShare } from '../../model/answers.ts';
import type { IngressCounters } from '../../model/ingress.ts';

/** What the ingresses had counted at a moment; services that did not tell are left out. */
export interface Reading {
  readonly timeMs: number;
  readonly counters: ReadonlyMap<string, IngressCounters>;
  /** Services of which all connections so far were something else than HTTP. */
  readonly bytes: ReadonlySet<string>;
}

/**
 * The moments at which the ingresses are read: when the rollout begins, before the first step that changes who serves,
 * after the last one, and at the end.
 */
export type Moment = 'begun' | 'switching' | 'switched' | 'ended';

/** So many requests while the new replicas start say what it was like before; else all that was counted so far does. */
const ENOUGH = 20;

/**
 * What one service answered before, during and after the switch; undefined where that was not read, or nothing changed
 * hands. Before: from the beginning of the rollout until the switch, or, with fewer than {@link ENOUGH} requests in that
 * time, since its ingress began to count.
 *
 * @param isNew the service had no ingress before: its first one counts from 0
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
  // The errors of the last moments say more than their share since the ingress started: that may be diluted.
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
 * What was counted between two readings. A request belongs to the window in which it fails too: an answer that began
 * before it may break off in it.
 */
export const countedBetween = (before: IngressCounters, after: IngressCounters): IngressCounters => {
  const least = (name: keyof IngressCounters): number => Math.max(0, after[name] - before[name]);
  const [failed, serverErrors] = [least('failed'), least('serverErrors')];
  return { total: Math.max(least('total'), failed + serverErrors), failed, retried: least('retried'), serverErrors };
};
