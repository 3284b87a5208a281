import { createHash } from 'node:crypto';
import type { IngressPort, IngressState, SlotFill } from '../model/ingress.ts';
import { errorAnswers } from './error-answers.ts';
import { HOLD_SCRIPT } from './hold-script.ts';

/** Where the ingress's volume is mounted. */
export const CONFIG_DIRECTORY = '/etc/lobbie';
/** The action `lua.hold`, beside the configuration. */
export const HOLD_SCRIPT_NAME = 'hold.lua';

/** Where HAProxy takes commands, inside the ingress. */
export const RUNTIME_SOCKET = '/run/haproxy/haproxy.sock';
/** Where its master takes commands: reloads, and what former workers still serve. */
export const MASTER_SOCKET = '/run/haproxy/master.sock';

/** Starts HAProxy in an ingress: a master that takes commands, and workers. */
export const START_COMMAND = ['haproxy', '-W', '-db', '-S', MASTER_SOCKET, '-f', `${CONFIG_DIRECTORY}/haproxy.cfg`];
/** Soft stop: requests in flight end, bounded by hard-stop-after. */
export const STOP_SIGNAL = 'SIGUSR1';
/** The line that carries the state; `parseState` reads it back. */
export const STATE_PREFIX = '# lobbie ';

/** HAProxy's name of the backup, which is tried only while no slot is in service: it leads to where requests wait. */
export const HOLD_SERVER = 'hold';
const CONNECT_TIMEOUT_MS = 300;
// Connections of databases and WebSockets may be idle for long, as they may without an ingress: those whose other end is
// gone are found out by keep-alive probes, and a drain cuts them by stopping the replica.
const TUNNEL_TIMEOUT = '24d';
// HAProxy has one number for connections that fail and for requests that a replica took and did not answer.
const RETRIES = 3;

/** HAProxy's name of the proxy that serves a port. */
export const proxyName = (port: number): string => `port-${port}`;

/** HAProxy's name of a slot, counted from 0: `s1`, `s2`, … */
export const serverName = (slot: number): string => `s${slot + 1}`;

/**
 * The configuration of an ingress, for HAProxy 3.0 and newer; the same state gives the same text.
 *
 * @param generation counts the reloads: a worker that a reload has replaced hands over to those that came after it
 */
export const renderConfig = (state: IngressState, generation = 0): string =>
  [
    `${STATE_PREFIX}${JSON.stringify(state)}`,
    '# Written by lobbie before each change of the running HAProxy; changes made by hand are lost.',
    ...globalSection(state),
    `  description ${fingerprint(state)} ${generation}`,
    ...resolversSection,
    ...defaultsSections(state),
    ...state.ports.flatMap((port) => listenSection(state, port, generation)),
    '',
  ].join('\n');

/**
 * Short hash of what only a reload can change: all but what fills the slots. A running HAProxy tells its own in
 * `show info`.
 */
export const fingerprint = (state: IngressState): string => {
  const empty = { ...state, slots: state.slots.map(() => null) };
  const lines = [globalSection, () => resolversSection, defaultsSections].flatMap((section) => section(empty));
  const all = [HOLD_SCRIPT, ...lines, ...empty.ports.flatMap((port) => listenSection(empty, port, 0))];
  return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 12);
};

// fd-hard-limit: engines hand containers limits from a thousand to a thousand million descriptors, and HAProxy
// derives maxconn and its tables from them. thread-hard-limit: an ingress is one of many containers on its machine.
const globalSection = ({ drainTimeoutMs, holdTimeoutMs }: IngressState): string[] => [
  'global',
  '  log stdout format raw local0 notice',
  `  stats socket ${RUNTIME_SOCKET} mode 600 level admin expose-fd listeners`,
  '  stats timeout 1h',
  '  fd-hard-limit 131072',
  '  thread-hard-limit 4',
  `  lua-load-per-thread ${CONFIG_DIRECTORY}/${HOLD_SCRIPT_NAME}`,
  `  hard-stop-after ${Math.max(drainTimeoutMs, holdTimeoutMs)}ms`,
];

// Answers that say nothing about the container (timeouts, refusals) keep the last address for an hour: the engine's
// DNS is away while the engine restarts. A name that is gone takes its server out after a second.
const resolversSection = [
  'resolvers docker',
  '  nameserver engine 127.0.0.11:53',
  '  timeout resolve 200ms',
  '  timeout retry 200ms',
  '  resolve_retries 3',
  '  hold valid 200ms',
  '  hold nx 1s',
  '  hold obsolete 0s',
  '  hold timeout 1h',
  '  hold refused 1h',
  '  hold other 1h',
];

const defaultsSections = (state: IngressState): string[] =>
  MODES.filter((mode) => state.ports.some((port) => port.mode === mode)).flatMap((mode) =>
    defaultsSection(state, mode),
  );

const MODES: readonly IngressPort['mode'][] = ['http', 'tcp'];

// connect: replicas are on a network of the same machine. redispatch 1: the first retry goes to another server already.
const defaultsSection = (state: IngressState, mode: IngressPort['mode']): string[] => [
  `defaults ${mode}`,
  `  mode ${mode}`,
  '  log global',
  '  option dontlog-normal',
  '  option dontlognull',
  `  balance ${mode === 'http' ? 'roundrobin' : 'leastconn'}`,
  `  timeout connect ${CONNECT_TIMEOUT_MS}ms`,
  `  timeout client ${waiting(state.clientTimeoutMs, mode, state)}ms`,
  `  timeout server ${waiting(state.serverTimeoutMs, mode, state)}ms`,
  `  timeout tunnel ${TUNNEL_TIMEOUT}`,
  `  retries ${RETRIES}`,
  '  option redispatch 1',
  ...keepAliveProbes,
  ...(mode === 'http' ? httpDefaults(state) : tcpDefaults),
  '  default-server resolvers docker resolve-prefer ipv4 check inter 1s fastinter 200ms downinter 200ms rise 1 fall 2' +
    ' observe layer4 error-limit 1 on-error mark-down',
];

// A client that lets the server speak first is silent while its connection waits, and so is the server side of one that
// was handed over and still waits. In HTTP mode HAProxy counts neither while a request waits for a connection.
const waiting = (timeoutMs: number, mode: IngressPort['mode'], { holdTimeoutMs }: IngressState): number =>
  mode === 'http' ? timeoutMs : Math.max(timeoutMs, holdTimeoutMs + 1000);

const keepAliveProbes = ['clitcpka', 'srvtcpka'].flatMap((option) => [
  `  option ${option}`,
  `  ${option}-idle 60s`,
  `  ${option}-intvl 15s`,
  `  ${option}-cnt 4`,
]);

// A client that never ends its headers is cut with 408. A connection between two requests may be idle as long as any.
const HEADERS_TIMEOUT = '60s';

// The log carries paths without their queries, which may hold secrets.
const httpDefaults = ({ clientTimeoutMs }: IngressState): string[] => [
  `  timeout http-request ${HEADERS_TIMEOUT}`,
  `  timeout http-keep-alive ${clientTimeoutMs}ms`,
  '  log-format "%ci %HM %HPO %ST %b/%s %Tr/%Ta ms %tsc %rc retries"',
  '  retry-on conn-failure empty-response',
  '  http-reuse safe',
  '  option idle-close-on-response',
  '  option http-ignore-probes',
  ...errorAnswers,
];

const tcpDefaults = ['  log-format "%ci:%cp %b/%s %Tw/%Tc/%Tt ms %ts %rc retries"'];

const listenSection = (
  { slots, holdTimeoutMs, inside }: IngressState,
  { port, mode, closed }: IngressPort,
  generation: number,
): string[] => [
  `listen ${proxyName(port)} from ${mode}`,
  `  bind :${port}`,
  `  bind ${holdAddress(port, generation)} accept-proxy name ${AGAIN}`,
  ...formerGenerations(generation).map((former) => `  bind ${holdAddress(port, former)} accept-proxy`),
  ...(closed ? [] : holdRules(port, mode, holdTimeoutMs)),
  ...(mode === 'http' ? [...httpRules, ...(inside ? forwardedOn : forwardedAnew)] : []),
  ...slots.map((fill, slot) => `  server ${serverName(slot)} ${serverAddress(fill, port)}`),
  ...(closed
    ? []
    : [
        `  server ${HOLD_SERVER} ${holdAddress(port, generation)} backup no-check send-proxy-v2 maxconn ${HOLD_MAXCONN}`,
      ]),
];

// Requests wait before a server is chosen for them. HAProxy tells by `be_conn_free` whether only `hold` is left: a slot's
// connections are without limit, which reads as -1. `nbsrv` would be 1 for one replica and for `hold` alike.
const holdRules = (port: number, mode: IngressPort['mode'], holdTimeoutMs: number): string[] => {
  const wait = `lua.hold ${proxyName(port)} ${holdTimeoutMs} if { be_conn_free ge 0 }`;
  const inVain = 'if { var(txn.gave_up) -m found }';
  return mode === 'http'
    ? [`  http-request ${wait}`, `  http-request deny deny_status 503 ${inVain}`]
    : [
        // Without it, nothing may wait.
        `  tcp-request inspect-delay ${holdTimeoutMs + 1000}ms`,
        `  tcp-request content ${wait}`,
        `  tcp-request content reject ${inVain}`,
      ];
};

// The `hold` of each port and generation. A request whose last replica dies before it is connected comes back through
// it, to wait like the others. After a reload the next worker listens there as well, and takes over what waits in its
// predecessor, whose servers nobody can set any more.
const holdAddress = (port: number, generation: number): string =>
  `127.${generation % GENERATIONS}.${port >> 8}.${port & 0xff}:1`;

// Name of the listener for what comes back in the same worker: a replica may have had it already.
const AGAIN = 'again';
// More than can come; see `holdRules`.
const HOLD_MAXCONN = 1_000_000;

const GENERATIONS = 200;
const formerGenerations = (generation: number): number[] =>
  [1, 2, 3, 4].map((back) => (generation + GENERATIONS - back) % GENERATIONS);

const httpRules = [
  // A kept-alive connection that outlives a reload: the former worker knows only the replicas of its time.
  `  use-server ${HOLD_SERVER} if { stopping }`,
  `  http-request disable-l7-retry if { so_name ${AGAIN} }`,
  '  http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }',
];

// Names under which proxies say who asked for what: with `_` too, which many applications take for `-`. HAProxy compares
// them in lower case.
const CLAIMS = '^(forwarded|x[-_](real[-_]ip|forwarded([-_].*)?))$';

// What clients from anywhere send under these names is not believed.
const forwardedAnew = [
  `  http-request del-header '${CLAIMS}' -m reg`,
  '  http-request set-header X-Forwarded-For %[src]',
  '  http-request set-header X-Forwarded-Proto http',
  '  http-request set-header X-Forwarded-Host %[req.hdr(host)]',
];

// The project's own containers ask: what a proxy among them says of its client stands, and it is added itself.
const forwardedOn = [
  '  http-request add-header X-Forwarded-For %[src]',
  '  http-request set-header X-Forwarded-Proto http unless { req.hdr(x-forwarded-proto) -m found }',
  '  http-request set-header X-Forwarded-Host %[req.hdr(host)] unless { req.hdr(x-forwarded-host) -m found }',
];

// A free slot needs a name that resolves, else HAProxy takes none later: the ingress's own, set by the engine, which
// asks nobody outside. A filled one is looked up before the start, so that no request meets a server without address.
const serverAddress = (fill: SlotFill | null, port: number): string => {
  if (fill === null) return `"\${HOSTNAME}:${port}" init-addr none disabled`;
  return `${fill.container}:${port} init-addr libc,none${fill.state === 'drain' ? ' disabled' : ''}`;
};
