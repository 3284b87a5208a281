import type { IngressPort, IngressState, SlotFill } from '../model/ingress.ts';
import { tooLarge } from './error-answers.ts';
import { alpnTable, firstBytesBackends, firstBytesRules } from './first-bytes.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { HOLD_MAXCONN, holdRules } from './hold-rules.ts';
import { hasIpv6 } from './own-addresses.ts';
import {
  type BackendKind,
  backendKinds,
  frontName,
  HOLD_SERVER,
  isDetected,
  proxyName,
  serverName,
} from './proxy-names.ts';
import { expectProxy, sendProxy } from './proxy-protocol.ts';
import { selfRules, selfSection, useSelf } from './self-rules.ts';
import { trustRules } from './trusted-peers.ts';

/** The `defaults` sections that the proxies of a port are based on. */
const DEFAULTS_OF: Readonly<Record<BackendKind | 'front', string>> = {
  front: 'front',
  '': 'http',
  '-h2': 'http',
  '-tcp': 'tcp',
};

/** The sections of one port. */
export const portSections = (state: IngressState, port: IngressPort, generation: number): string[] =>
  isDetected(port) ? detectedSections(state, port, generation) : listenSection(state, port, generation);

const detectedSections = (state: IngressState, port: IngressPort, generation: number): string[] => {
  const name = proxyName(port.port);
  return [
    `frontend ${frontName(port.port)} from ${DEFAULTS_OF.front}`,
    ...binds(state, port.port, generation),
    ...expectProxy(state),
    ...selfRules('tcp'),
    ...firstBytesRules(port.port, BYTES_AGAIN, state.serverTimeoutMs),
    useSelf(port.port),
    ...firstBytesBackends(name, BYTES_AGAIN),
    ...alpnTable(port.port),
    ...backendKinds(port).flatMap((kind) => [
      `backend ${name}${kind} from ${DEFAULTS_OF[kind]}`,
      ...backendLines(state, port, kind, generation),
    ]),
    ...selfSection(state, port.port, 'tcp', DEFAULTS_OF['-tcp']),
  ];
};

const listenSection = (state: IngressState, port: IngressPort, generation: number): string[] => {
  const mode = port.mode === 'http' ? 'http' : 'tcp';
  const kind = mode === 'http' ? '' : '-tcp';
  return [
    `listen ${proxyName(port.port)} from ${DEFAULTS_OF[kind]}`,
    ...binds(state, port.port, generation),
    ...expectProxy(state),
    ...selfRules(mode),
    ...backendLines(state, port, kind, generation),
    useSelf(port.port),
    ...selfSection(state, port.port, mode, DEFAULTS_OF[kind]),
  ];
};

const backendLines = (state: IngressState, port: IngressPort, kind: BackendKind, generation: number): string[] => {
  const name = isDetected(port) ? `${proxyName(port.port)}${kind}` : proxyName(port.port);
  const speech = kind === '-h2' ? ' proto h2' : '';
  const rarely = isDetected(port) && kind !== '' ? RARELY : '';
  const again = holdAddress(port.port, generation, kind);
  const readsHttp = kind !== '-tcp';
  const pool = kind === '' ? POOL : '';
  return [
    ...(readsHttp ? tooLarge : []),
    ...(port.closed ? [] : holdRules(name, kind, state)),
    ...(readsHttp
      ? [...httpRules, ...(kind === '' ? freshRules : []), ...trustRules(state, port.port), ...forwardedHeaders, passOn]
      : []),
    ...state.slots.map((fill, slot) => {
      const told = sendProxy(fill === null ? state.proxyProtocol : fill.proxyProtocol);
      return `  server ${serverName(slot)} ${serverAddress(fill, port.port, pool)}${speech}${told}${rarely}`;
    }),
    ...(port.closed
      ? []
      : [`  server ${HOLD_SERVER} ${again} backup no-check send-proxy-v2 maxconn ${HOLD_MAXCONN}${speech}${pool}`]),
  ];
};

// The `hold` of each port and generation. A request whose last replica dies before it is connected comes back through
// it and waits like the others. After a reload the next worker also listens there and takes over the requests that wait
// in the old worker, whose servers can no longer be changed. Connections that are bytes come back on their own port,
// where HAProxy does not wait for their first bytes again.
const holdAddress = (port: number, generation: number, kind: BackendKind): string =>
  `127.${generation % GENERATIONS}.${port >> 8}.${port & 0xff}:${kind === '-tcp' ? 2 : 1}`;

// The HTTP/1 server already checks the same replica each second. If it dies, the first connection notices.
const RARELY = ' inter 10s';

// Name of the listener for requests that come back in the same worker: a replica may already have received them.
const AGAIN = 'again';
// Name of the listeners for connections whose protocol is not detected again.
const BYTES_AGAIN = 'bytes-again';

const GENERATIONS = 200;
const oldGenerations = (generation: number): number[] =>
  [1, 2, 3, 4].map((back) => (generation + GENERATIONS - back) % GENERATIONS);

const binds = ({ peers }: IngressState, port: number, generation: number): string[] => [
  `  bind :${port}`,
  ...(hasIpv6(peers) ? [`  bind [::]:${port} v6only`] : []),
  `  bind ${holdAddress(port, generation, '')} accept-proxy name ${AGAIN}`,
  ...oldGenerations(generation).map((old) => `  bind ${holdAddress(port, old, '')} accept-proxy`),
  ...[generation, ...oldGenerations(generation)].map(
    (one) => `  bind ${holdAddress(port, one, '-tcp')} accept-proxy name ${BYTES_AGAIN}`,
  ),
];

// A kept-alive connection that outlives a reload: the old worker knows only the replicas of its time.
const passOn = `  use-server ${HOLD_SERVER} if { stopping }`;

const httpRules = [
  `  http-request disable-l7-retry if { so_name ${AGAIN} }`,
  '  http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }',
];

// A server may close an idle connection just as the next request is sent on it; Node.js does so after 5 s. If the
// request may be sent again, nothing is lost. Any other request gets a new connection: it asks for one under a name
// that is in no pool. HAProxy 3.0 does not inherit `pool-conn-name` from `default-server`.
const FRESH = 'txn.fresh';
const POOL = ` pool-conn-name var(${FRESH})`;
const freshRules = [
  `  http-request set-var(${FRESH}) uuid() unless { method GET HEAD OPTIONS TRACE DELETE } !{ so_name ${AGAIN} }`,
  `  http-request set-header Connection close if { var(${FRESH}) -m found } !{ method CONNECT } !{ req.hdr(upgrade) -m found }`,
];

// A free slot needs a name that resolves, otherwise HAProxy accepts none later: the ingress's own, set by the engine,
// which needs no DNS server. A filled slot is resolved before the start, so that no request meets a server without
// address.
const serverAddress = (fill: SlotFill | null, port: number, pool: string): string => {
  if (fill === null) return `"\${HOSTNAME}:${port}"${pool} init-addr none disabled`;
  return `${fill.container}:${port}${pool} init-addr libc,none${fill.state === 'drain' ? ' disabled' : ''}`;
};
