import type { IngressCounters } from '../model/observed.ts';
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
  const sum = (some: readonly ProxyStats[], field: string): number =>
    some.reduce((total, line) => total + count(line, field), 0);
  const [frontend, backend] = [linesOf('frontend'), linesOf('backend')];
  const replicas = linesOf('server').filter(({ svname }) => svname !== HOLD_SERVER);
  const hold = linesOf('server').filter(({ svname }) => svname === HOLD_SERVER);
  // A second attempt counts as wretr on the same server and as wredis on another; one after a broken answer as both.
  // The tries of a request that waits say nothing of replicas.
  const retried = Math.max(sum(replicas, 'wretr'), sum(replicas, 'wredis'));
  const waiting = replaced ? sum(hold, 'scur') : 0;
  if (!backend.some(({ mode }) => mode === 'http'))
    return { total: sum(frontend, 'stot') - waiting, failed: sum(backend, 'econ'), retried, serverErrors: 0 };
  const serverErrors = sum(replicas, 'hrsp_5xx');
  // Answered through the worker that came after this one, which counts them itself.
  const handedOver = ANSWERS.reduce((total, field) => total + sum(hold, field), 0);
  const own = Math.max(0, sum(backend, 'hrsp_5xx') - serverErrors - sum(hold, 'hrsp_5xx'));
  return {
    total: sum(frontend, 'req_tot') - handedOver - waiting,
    failed: own + sum(backend, 'srv_abrt'),
    retried,
    serverErrors,
  };
};

const ANSWERS = ['hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'];

const KIND = { frontend: '0', backend: '1', server: '2' } as const;

/** Counters of two readings added up, for an ingress whose own began at 0 again with a reload. */
export const addCounters = (a: IngressCounters, b: IngressCounters): IngressCounters => ({
  total: a.total + b.total,
  failed: a.failed + b.failed,
  retried: a.retried + b.retried,
  serverErrors: a.serverErrors + b.serverErrors,
});
