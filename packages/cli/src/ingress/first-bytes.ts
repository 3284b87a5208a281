// RFC 9110, RFC 5789, the extensions of WebDAV (RFC 3253, 3648, 3744, 4791, 4918, 5323, 5842), and what caches and UPnP
// add. CONNECT is not among them: what follows it is not HTTP.
const METHODS = [
  ...['GET', 'PUT', 'ACL', 'BAN', 'HEAD', 'POST', 'COPY', 'MOVE', 'LOCK', 'BIND', 'LINK', 'PATCH', 'TRACE', 'QUERY'],
  ...['PURGE', 'MERGE', 'LABEL', 'MKCOL', 'DELETE', 'UNLOCK', 'SEARCH', 'REPORT', 'REBIND', 'UNBIND', 'UNLINK'],
  ...['UPDATE', 'NOTIFY', 'OPTIONS', 'CHECKIN', 'PROPFIND', 'CHECKOUT', 'PROPPATCH', 'SUBSCRIBE', 'UNCHECKOUT'],
  ...['MKCALENDAR', 'MKACTIVITY', 'ORDERPATCH', 'UNSUBSCRIBE', 'MKWORKSPACE', 'VERSION-CONTROL', 'BASELINE-CONTROL'],
];
/** How the preface of HTTP/2 begins (RFC 9113, 3.4). */
const PREFACE = 'PRI *';
/** Protocols that look like HTTP (RTSP, SIP) differ in their targets: `OPTIONS rtsp://…`. */
const TARGETS = ['/', 'h', 'H'];

/**
 * How long a client may be silent before its connection is taken for bytes, in milliseconds: browsers connect before
 * they have anything to ask for. Clients of a server that speaks first, and was not found to, wait as long.
 */
const SILENCE_MS = 15_000;
/** No request line is shorter than that: `GET /`. */
const SHORTEST = 5;

/**
 * Rules for a frontend in TCP mode that detect what a connection speaks by its first bytes: HTTP/1, HTTP/2 without TLS, or
 * anything else, which is passed on untouched. A payload of fixed length is waited for; so each step looks at what
 * every HTTP request has by then, and a client that sent two bytes of another protocol does not wait for a third.
 *
 * @param skipping name of the listeners whose connections are bytes for sure
 * @param streamTimeoutMs how long a client of gRPC may be silent in a request that it has not ended
 */
export const firstBytesRules = (port: number, skipping: string, streamTimeoutMs: number): string[] => {
  const steps = Array.from({ length: SHORTEST }, (_, index) => index + 1);
  return [
    `  tcp-request inspect-delay ${SILENCE_MS}ms`,
    `  tcp-request content accept if { so_name ${skipping} }`,
    `  tcp-request content track-sc0 int(1) table ${alpnName(port)} if { req.ssl_alpn -m sub h2 http/1. }`,
    ...steps.flatMap((length) => [
      `  acl begins-${length} ${startsWith(length, BEGINNINGS)}`,
      `  tcp-request content accept if { req.len ge ${length} } !begins-${length}`,
    ]),
    `  acl preface ${startsWith(PREFACE.length, [PREFACE])}`,
    '  tcp-request content switch-mode http proto h2 if preface',
    ...[...new Set(METHODS.map(({ length }) => length))].flatMap((length) => requestRules(length)),
    // In a stream of both ways the client is silent for as long as it likes. Only a frontend can set its timeout.
    `  http-request set-timeout client ${streamTimeoutMs}ms if ${IS_STREAM}`,
  ];
};

/** The backends that the connections go to then. */
export const firstBytesBackends = (name: string, skipping: string): string[] => [
  `  use_backend ${name}-tcp if { so_name ${skipping} }`,
  `  use_backend ${name}-h2 if { req.ver 2.0 }`,
  `  use_backend ${name} if HTTP`,
  `  default_backend ${name}-tcp`,
];

const IS_STREAM = '{ req.ver 2.0 } { req.hdr(content-type) -m beg application/grpc application/connect+ }';

/**
 * Counts connections by TLS whose client asks for HTTP within (ALPN, RFC 7301): nothing else tells that such bytes are
 * HTTP.
 */
export const alpnTable = (port: number): string[] => [
  `backend ${alpnName(port)} from tcp`,
  '  stick-table type integer size 1 store conn_cnt',
];

/** HAProxy's name of that table. */
export const alpnName = (port: number): string => `alpn-${port}`;

/** How many connections that table has counted, by the answer to `show table`. */
export const countedByAlpn = (answer: string): number => Number(/\bconn_cnt=(\d+)/.exec(answer)?.[1] ?? 0);

const BEGINNINGS = [PREFACE, ...METHODS.flatMap((method) => TARGETS.map((target) => `${method} ${target}`))];

/** Requests whose method is that long: they are recognized by the method and the first byte of the target. */
const requestRules = (length: number): string[] => {
  const lines = METHODS.filter((method) => method.length === length).flatMap((method) =>
    [...TARGETS, ...(method === 'OPTIONS' ? ['*'] : [])].map((target) => `${method} ${target}`),
  );
  return [
    `  acl method-${length} ${startsWith(SHORTEST, lines)}`,
    `  acl request-${length} ${startsWith(length + 2, lines)}`,
    `  tcp-request content switch-mode http if method-${length} request-${length}`,
  ];
};

const startsWith = (length: number, texts: readonly string[]): string =>
  `req.payload(0,${length}) -m str ${[...new Set(texts.map((text) => `"${text.slice(0, length)}"`))].join(' ')}`;
