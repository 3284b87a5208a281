import type { IngressCounters } from '../model/observed.ts';
import { count, type ProxyStats } from './proxy-stats.ts';

/**
 * Sums the lines of `show stat` over all ports. HTTP: `failed` are the 5xx that HAProxy itself gave (those of the proxy
 * minus those of its servers) and the answers that a server broke off. TCP: connections that no server took.
 */
export const readCounters = (lines: readonly ProxyStats[], mode: 'http' | 'tcp'): IngressCounters => {
  const sum = (kind: keyof typeof KIND, field: string): number =>
    lines.filter((line) => line.type === KIND[kind]).reduce((total, line) => total + count(line, field), 0);
  const serverErrors = sum('server', 'hrsp_5xx');
  // A second attempt counts as wretr on the same server and as wredis on another; one after a broken answer as both.
  const retried = Math.max(sum('backend', 'wretr'), sum('backend', 'wredis'));
  if (mode === 'tcp')
    return { total: sum('frontend', 'stot'), failed: sum('backend', 'econ'), retried, serverErrors: 0 };
  const own = Math.max(0, sum('backend', 'hrsp_5xx') - serverErrors);
  return { total: sum('frontend', 'req_tot'), failed: own + sum('backend', 'srv_abrt'), retried, serverErrors };
};

const KIND = { frontend: '0', backend: '1', server: '2' } as const;

/** Counters of two readings added up, for an ingress whose own began at 0 again with a reload. */
export const addCounters = (a: IngressCounters, b: IngressCounters): IngressCounters => ({
  total: a.total + b.total,
  failed: a.failed + b.failed,
  retried: a.retried + b.retried,
  serverErrors: a.serverErrors + b.serverErrors,
});
