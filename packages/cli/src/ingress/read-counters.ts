import type { IngressCounters } from '../model/ingress.ts';
import { HOLD_SERVER, selfName } from './proxy-names.ts';
import { count, type ProxyStats } from './proxy-stats.ts';

/**
 * Sums the lines of `show stat` over all ports. HTTP: `total` counts requests whose answer has begun; `failed` counts
 * the 5xx answers from HAProxy itself (those of the proxy minus those of its servers) and answers that a server broke
 * off. Bytes: `total` counts connections, `failed` those that no server accepted.
 *
 * @param replaced whether a reload has replaced the worker: the next worker counts what still waits here
 */
export const readCounters = (lines: readonly ProxyStats[], replaced = false): IngressCounters =>
  [...byPort(lines)].map(([port, own]) => readPort(port, own, replaced)).reduce(addCounters, NO_REQUESTS);

/** What has arrived at a port so far. */
export interface Spoken {
  /** HTTP requests. */
  readonly http: number;
  /** Connections of other protocols. */
  readonly bytes: number;
  /** The part of these whose clients asked for HTTP inside TLS. */
  readonly tls: number;
  /** Whether a replica has answered, so something listens. */
  readonly answered: boolean;
}

/**
 * What has arrived, by port.
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

/** No requests. */
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
  // The mode is certain only here: on the lines of servers, free text before it may contain commas.
  const modes = new Map(linesOf(lines, 'backend').map(({ pxname, mode }) => [pxname, mode]));
  const inMode = (mode: string): Parts =>
    partsOf(
      frontend,
      lines.filter(({ pxname }) => modes.get(pxname) === mode),
      linesOf(self, 'backend'),
    );
  const [http, bytes] = [inMode('http'), inMode('tcp')];
  // A port whose protocol is detected has both kinds, behind a frontend that counts the refusals of either.
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
  /** Connections of replicas to their own service. The frontend counts them too. */
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
  // A frontend in TCP mode counts requests but not answers.
  const shared = !frontend.some(isHttp);
  const answering = shared ? backend : frontend;
  const elsewhere = shared ? hold : [...hold, ...self];
  // No counter shows the waiting requests. Requests that have ended or are with a replica do not wait here.
  const ended = answersOf(answering) - answersOf(elsewhere);
  // A server's answer counts when it begins, the proxy's when it ends. An answer in progress hides no failure.
  const endedErrors = sum(answering, 'hrsp_5xx') - sum(elsewhere, 'hrsp_5xx');
  const ownErrors = Math.max(0, endedErrors - serverErrors);
  // Connections sent to `hold` came back to this worker or the next one, and are counted there.
  const begun = sum(frontend, 'req_tot') - sum(elsewhere, 'stot');
  // A request counts when its answer does. Otherwise a window of time could have more errors than requests, from
  // requests that were in flight when it began.
  const errors = serverErrors + ownErrors;
  const others = Math.max(answersOf(replicas) - serverErrors, ended - endedErrors);
  return {
    // A 100 (Continue) is one more answer of a replica to the same request.
    total: replaced ? ended + sum(replicas, 'scur') : Math.min(begun, errors + others),
    failed: ownErrors + sum(backend, 'srv_abrt') - sum(hold, 'srv_abrt'),
    retried: retriesOf(replicas),
    serverErrors,
  };
};

/**
 * @param shared whether the frontend also takes HTTP: then connections wait in the backend, otherwise in the frontend
 */
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

/**
 * A retry counts as wretr on the same server and as wredis on another. A retry after a broken answer counts as both.
 */
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

/** Adds two readings, for an ingress whose counters restarted at 0 with a reload. */
export const addCounters = (a: IngressCounters, b: IngressCounters): IngressCounters => ({
  total: a.total + b.total,
  failed: a.failed + b.failed,
  retried: a.retried + b.retried,
  serverErrors: a.serverErrors + b.serverErrors,
});
