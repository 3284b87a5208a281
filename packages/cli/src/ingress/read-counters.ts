import type { IngressCounters } from '../model/observed.ts';
import { count, type ProxyStats } from './proxy-stats.ts';
import { HOLD_SERVER } from './render-config.ts';

/**
 * Sums the lines of `show stat` over all ports. HTTP: `total` are requests, `failed` the 5xx that HAProxy itself gave
 * (those of the proxy minus those of its servers) and the answers that a server broke off. TCP: `total` are connections,
 * `failed` those that no server took.
 */
export const readCounters = (lines: readonly ProxyStats[]): IngressCounters =>
  Object.values(Object.groupBy(lines, (line) => line.pxname ?? ''))
    .map((proxy = []) => readProxy(proxy))
    .reduce(addCounters, { total: 0, failed: 0, retried: 0, serverErrors: 0 });

const readProxy = (lines: readonly ProxyStats[]): IngressCounters => {
  const sum = (kind: keyof typeof KIND, field: string): number =>
    lines.filter((line) => line.type === KIND[kind]).reduce((total, line) => total + count(line, field), 0);
  const replicas = lines.filter((line) => line.type === KIND.server && line.svname !== HOLD_SERVER);
  const retriedOn = (field: string): number => replicas.reduce((total, line) => total + count(line, field), 0);
  // A second attempt counts as wretr on the same server and as wredis on another; one after a broken answer as both.
  // A request that waits is tried every 300 ms on the backup, which says nothing about replicas.
  const retried = Math.max(retriedOn('wretr'), retriedOn('wredis'));
  const isHttp = lines.some((line) => line.type === KIND.backend && line.mode === 'http');
  if (!isHttp) return { total: sum('frontend', 'stot'), failed: sum('backend', 'econ'), retried, serverErrors: 0 };
  const serverErrors = sum('server', 'hrsp_5xx');
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
