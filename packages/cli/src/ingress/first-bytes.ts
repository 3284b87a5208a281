// RFC 9110, RFC 5789, the extensions of WebDAV (RFC 3253, 3648, 3744, 4791, 4918, 5323, 5842), and methods that caches
// and UPnP add. CONNECT is not included: the bytes after it are not HTTP.
const METHODS = [
  ...['GET', 'PUT', 'ACL', 'BAN', 'HEAD', 'POST', 'COPY', 'MOVE', 'LOCK', 'BIND', 'LINK', 'PATCH', 'TRACE', 'QUERY'],
  ...['PURGE', 'MERGE', 'LABEL', 'MKCOL', 'DELETE', 'UNLOCK', 'SEARCH', 'REPORT', 'REBIND', 'UNBIND', 'UNLINK'],
  ...['UPDATE', 'NOTIFY', 'OPTIONS', 'CHECKIN', 'PROPFIND', 'CHECKOUT', 'PROPPATCH', 'SUBSCRIBE', 'UNCHECKOUT'],
  ...['MKCALENDAR', 'MKACTIVITY', 'ORDERPATCH', 'UNSUBSCRIBE', 'MKWORKSPACE', 'VERSION-CONTROL', 'BASELINE-CONTROL'],
];
/** The beginning of the HTTP/2 preface (RFC 9113, 3.4). */
const PREFACE = 'PRI *';
/** Protocols that look like HTTP (RTSP, SIP) differ in their targets: `OPTIONS rtsp://…`. */
const TARGETS = ['/', 'h', 'H'];

/**
 * How long a client may send nothing before its connection counts as bytes, in milliseconds. Browsers connect before
 * they have a request. Clients of a server that sends first, but was not detected as such, wait this long.
 */
const SILENCE_MS = 15_000;
/** The shortest request line: `GET /`. */
const SHORTEST = 5;

/**
 * Rules for a frontend in TCP mode that detect the protocol of a connection by its first bytes: HTTP/1, HTTP/2 without
 * TLS, or anything else, which is forwarded unchanged. HAProxy waits for payloads of fixed length. So each step looks
 * only at bytes that every HTTP request has by then: a client that sent two bytes of another protocol need not send a
 * third.
 *
 * @param skipping name of the listeners whose connections are known to be bytes
 * @param streamTimeoutMs how long a gRPC client may send nothing in a request that it has not ended
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
    // In a bidirectional stream the client may be silent for any time. Only a frontend can set its timeout.
    `  http-request set-timeout client ${streamTimeoutMs}ms if ${IS_STREAM}`,
  ];
};

/** The backends for these connections. */
export const firstBytesBackends = (name: string, skipping: string): string[] => [
  `  use_backend ${name}-tcp if { so_name ${skipping} }`,
  `  use_backend ${name}-h2 if { req.ver 2.0 }`,
  `  use_backend ${name} if HTTP`,
  `  default_backend ${name}-tcp`,
];

const IS_STREAM = '{ req.ver 2.0 } { req.hdr(content-type) -m beg application/grpc application/connect+ }';

/**
 * Counts TLS connections whose client asks for HTTP inside (ALPN, RFC 7301). Nothing else shows that their bytes are
 * HTTP.
 */
export const alpnTable = (port: number): string[] => [
  `backend ${alpnName(port)} from tcp`,
  '  stick-table type integer size 1 store conn_cnt',
];

/** The name of that table in HAProxy. */
export const alpnName = (port: number): string => `alpn-${port}`;

/** The number of connections in that table, from the answer to `show table`. */
export const countedByAlpn = (answer: string): number => Number(/\bconn_cnt=(\d+)/.exec(answer)?.[1] ?? 0);

const BEGINNINGS = [PREFACE, ...METHODS.flatMap((method) => TARGETS.map((target) => `${method} ${target}`))];

/** Recognises requests by a method of this length and the first byte of the target. */
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
