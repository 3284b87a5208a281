import type { IngressCounters } from '../model/ingress.ts';
import { HOLD_SERVER, selfName } from './proxy-names.ts';
import { count, type ProxyStats } from './proxy-stats.ts';

/**
 * Sums the lines of `show stat` over all ports. HTTP: `total` are requests whose answer has begun, `failed` the 5xx that
 * HAProxy itself gave (those of the proxy minus those of its servers) and the answers that a server broke off. Bytes:
 * `total` are connections, `failed` those that no server took.
 *
 * @param replaced whether a reload has replaced the worker: its successor counts what still waits here
 */
export const readCounters = (lines: readonly ProxyStats[], replaced = false): IngressCounters =>
  [...byPort(lines)].map(([port, own]) => readPort(port, own, replaced)).reduce(addCounters, NO_REQUESTS);

/** What came to a port so far. */
export interface Spoken {
  /** HTTP requests. */
  readonly http: number;
  /** Connections of other protocols. */
  readonly bytes: number;
  /** Those of them whose clients asked for HTTP within TLS. */
  readonly tls: number;
  /** A replica has answered: something listens there. */
  readonly answered: boolean;
}

/**
 * What came, by port.
 *
 * @param tls see {@link readTls}
 */
export const readSpoken = (lines: readonly ProxyStats[], tls: ReadonlyMap<number, number>): Map<number, Spoken> =>
  new Map(
    [...byPort(lines)].map(([port, own]) => {
      const bytes = linesOf(own, 'backend').filter((line) => !isHttp(line) && line.pxname !== selfName(port));
      const replicas = linesOf(own, 'server').filter(({ svname }) => svname !== HOLD_SERVER);
      const answered = sum(replicas, 'bout') > 0;
      const http = sum(linesOf(own, 'frontend'), 'req_tot');
      return [port, { http, bytes: sum(bytes, 'stot'), tls: tls.get(port) ?? 0, answered }];
    }),
  );

/** Nothing was counted. */
export const NO_REQUESTS: IngressCounters = { total: 0, failed: 0, retried: 0, serverErrors: 0 };

const byPort = (lines: readonly ProxyStats[]): Map<number, ProxyStats[]> => {
  const ports = Map.groupBy(lines, ({ pxname = '' }) =>
    Number(/^(?:port|front|self)-(\d+)/.exec(pxname)?.[1] ?? Number.NaN),
  );
  ports.delete(Number.NaN);
  return ports;
};

const readPort = (port: number, all: readonly ProxyStats[], replaced: boolean): IngressCounters => {
  const self = all.filter(({ pxname }) => pxname === selfName(port));
  const lines = all.filter((line) => !self.includes(line));
  const frontend = linesOf(lines, 'frontend');
  // Only here is the mode sure: on the lines of servers, free text before it may hold commas.
  const modes = new Map(linesOf(lines, 'backend').map(({ pxname, mode }) => [pxname, mode]));
  const inMode = (mode: string): Parts =>
    partsOf(
      frontend,
      lines.filter(({ pxname }) => modes.get(pxname) === mode),
      linesOf(self, 'backend'),
    );
  const [http, bytes] = [inMode('http'), inMode('tcp')];
  // A port that is detected by its first bytes has both, behind a frontend that counts what is refused in either.
  const refused = sum(frontend, 'dreq') - (frontend.some(isHttp) ? 0 : sum(http.backend, 'dreq'));
  return addCounters(
    http.backend.length === 0 ? NO_REQUESTS : readHttp(http, replaced),
    bytes.backend.length === 0 ? NO_REQUESTS : readBytes(bytes, replaced, refused, http.backend.length > 0),
  );
};

interface Parts {
  readonly frontend: readonly ProxyStats[];
  readonly backend: readonly ProxyStats[];
  readonly replicas: readonly ProxyStats[];
  readonly hold: readonly ProxyStats[];
  /** What replicas sent to their own service: the frontend counts it too. */
  readonly self: readonly ProxyStats[];
}

const partsOf = (frontend: readonly ProxyStats[], lines: readonly ProxyStats[], self: readonly ProxyStats[]): Parts => {
  const servers = linesOf(lines, 'server');
  return {
    frontend,
    backend: linesOf(lines, 'backend'),
    replicas: servers.filter(({ svname }) => svname !== HOLD_SERVER),
    hold: servers.filter(({ svname }) => svname === HOLD_SERVER),
    self,
  };
};

const readHttp = ({ frontend, backend, replicas, hold, self }: Parts, replaced: boolean): IngressCounters => {
  const serverErrors = sum(replicas, 'hrsp_5xx');
  // A frontend in TCP mode counts requests, and no answers.
  const shared = !frontend.some(isHttp);
  const answering = shared ? backend : frontend;
  const elsewhere = shared ? hold : [...hold, ...self];
  // Nothing counts the requests that wait: what has ended and what replicas work on has not waited here, or no more.
  const ended = answersOf(answering) - answersOf(elsewhere);
  // A server's answer counts when it begins, the proxy's when it has ended: one on its way is no failure less.
  const endedErrors = sum(answering, 'hrsp_5xx') - sum(elsewhere, 'hrsp_5xx');
  const ownErrors = Math.max(0, endedErrors - serverErrors);
  // What went to `hold` came back, to this worker or the one after it, and is counted there.
  const begun = sum(frontend, 'req_tot') - sum(elsewhere, 'stot');
  // A request counts when its answer does: no window of time then has more errors than requests. Otherwise the errors
  // of what was in flight when the window began would be of no request in it.
  const errors = serverErrors + ownErrors;
  const others = Math.max(answersOf(replicas) - serverErrors, ended - endedErrors);
  return {
    // An answer of 100 (Continue) is one more answer of a replica to the same request.
    total: replaced ? ended + sum(replicas, 'scur') : Math.min(begun, errors + others),
    failed: ownErrors + sum(backend, 'srv_abrt') - sum(hold, 'srv_abrt'),
    retried: retriesOf(replicas),
    serverErrors,
  };
};

/** @param shared whether the frontend takes HTTP as well: then connections wait in the backend, else in the frontend */
const readBytes = (
  { frontend, backend, replicas, hold, self }: Parts,
  replaced: boolean,
  refused: number,
  shared: boolean,
): IngressCounters => {
  const elsewhere = shared ? [] : self;
  const [begun, taken] = shared ? [backend, [...replicas, ...hold]] : [frontend, [...backend, ...self]];
  const waiting = replaced ? sum(begun, 'scur') - sum(taken, 'scur') : 0;
  return {
    total: sum(begun, 'stot') - sum([...hold, ...elsewhere], 'stot') - waiting,
    failed: sum(backend, 'econ') + refused,
    retried: retriesOf(replicas),
    serverErrors: 0,
  };
};

/** A second attempt counts as wretr on the same server and as wredis on another; one after a broken answer as both. */
const retriesOf = (replicas: readonly ProxyStats[]): number =>
  Math.max(sum(replicas, 'wretr'), sum(replicas, 'wredis'));

const linesOf = (lines: readonly ProxyStats[], kind: keyof typeof KIND): ProxyStats[] =>
  lines.filter((line) => line.type === KIND[kind]);
const isHttp = ({ mode }: ProxyStats): boolean => mode === 'http';

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
