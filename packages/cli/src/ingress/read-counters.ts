import type { IngressCounters } from '../model/ingress.ts';
import { count, type ProxyStats } from './proxy-stats.ts';
import { HOLD_SERVER } from './render-config.ts';

/**
 * Sums the lines of `show stat` over all ports. HTTP: `total` are requests, `failed` the 5xx that HAProxy itself gave
 * (those of the proxy minus those of its servers) and the answers that a server broke off. TCP: `total` are connections,
 * `failed` those that no server took.
 *
 * @param replaced whether a reload has replaced the worker: its successor counts what still waits here
 */
export const readCounters = (lines: readonly ProxyStats[], replaced = false): IngressCounters =>
  Object.values(Object.groupBy(lines, (line) => line.pxname ?? ''))
    .map((proxy = []) => readProxy(proxy, replaced))
    .reduce(addCounters, { total: 0, failed: 0, retried: 0, serverErrors: 0 });

const readProxy = (lines: readonly ProxyStats[], replaced: boolean): IngressCounters => {
  const linesOf = (kind: keyof typeof KIND): ProxyStats[] => lines.filter((line) => line.type === KIND[kind]);
  const [frontend, backend] = [linesOf('frontend'), linesOf('backend')];
  const replicas = linesOf('server').filter(({ svname }) => svname !== HOLD_SERVER);
  const hold = linesOf('server').filter(({ svname }) => svname === HOLD_SERVER);
  // A second attempt counts as wretr on the same server and as wredis on another; one after a broken answer as both.
  const retried = Math.max(sum(replicas, 'wretr'), sum(replicas, 'wredis'));
  // What went to `hold` came back, to this worker or the one after it, and is counted there.
  const cameBack = sum(hold, 'stot');
  if (!backend.some(({ mode }) => mode === 'http')) {
    // A connection belongs to the backend once it has waited.
    const waiting = replaced ? sum(frontend, 'scur') - sum(backend, 'scur') : 0;
    const failed = sum(backend, 'econ') + sum(frontend, 'dreq');
    return { total: sum(frontend, 'stot') - cameBack - waiting, failed, retried, serverErrors: 0 };
  }
  const serverErrors = sum(replicas, 'hrsp_5xx');
  const begun = sum(frontend, 'req_tot') - cameBack;
  // Nothing counts the requests that wait: what was answered and what replicas work on has not waited here, or no more.
  const answered = answersOf(frontend) - answersOf(hold) + sum(replicas, 'scur');
  // A server's answer counts when it begins, the proxy's when it has ended: one on its way is no failure less.
  const ownErrors = Math.max(0, sum(frontend, 'hrsp_5xx') - sum(hold, 'hrsp_5xx') - serverErrors);
  return {
    total: replaced ? answered : begun,
    failed: ownErrors + sum(backend, 'srv_abrt') - sum(hold, 'srv_abrt'),
    retried,
    serverErrors,
  };
};

const sum = (lines: readonly ProxyStats[], field: string): number =>
  lines.reduce((total, line) => total + count(line, field), 0);

const ANSWERS = ['hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'];
const answersOf = (lines: readonly ProxyStats[]): number =>
  ANSWERS.reduce((total, field) => total + sum(lines, field), 0);

const KIND = { frontend: '0', backend: '1', server: '2' } as const;

/** Counters of two readings added up, for an ingress whose own began at 0 again with a reload. */
export const addCounters = (a: IngressCounters, b: IngressCounters): IngressCounters => ({
  total: a.total + b.total,
  failed: a.failed + b.failed,
  retried: a.retried + b.retried,
  serverErrors: a.serverErrors + b.serverErrors,
});
