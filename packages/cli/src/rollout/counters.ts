import type { IngressCounters } from '../model/ingress.ts';
import type { RolloutContext } from './context.ts';
import { ingressOf } from './ingress-container.ts';

/**
 * Sum of the counters of these services' ingresses, zero where one does not run; undefined without any, or when one does
 * not answer. They are for show: not knowing them is no reason to fail a rollout, least of all a committed one.
 */
export async function readCounters(
  context: RolloutContext,
  services: readonly string[],
): Promise<IngressCounters | undefined> {
  if (services.length === 0) return undefined;
  try {
    const counters = await Promise.all(
      services.map(async (service) => (await ingressOf(context, service))?.counters() ?? NONE),
    );
    return counters.reduce((sum, one) => combine(sum, one, (a, b) => a + b), NONE);
  } catch {
    return undefined;
  }
}

const NONE: IngressCounters = { total: 0, failed: 0, retried: 0, serverErrors: 0 };

/** What was counted between two readings. */
export const countedBetween = (before: IngressCounters, after: IngressCounters): IngressCounters =>
  combine(after, before, (a, b) => Math.max(0, a - b));

const combine = (a: IngressCounters, b: IngressCounters, by: (a: number, b: number) => number): IngressCounters => ({
  total: by(a.total, b.total),
  failed: by(a.failed, b.failed),
  retried: by(a.retried, b.retried),
  serverErrors: by(a.serverErrors, b.serverErrors),
});
