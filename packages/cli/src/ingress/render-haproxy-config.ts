import { createHash } from 'node:crypto';
import type { IngressPort, IngressState, SlotFill } from '../model/ingress.ts';
import { errorAnswers, refusals } from './error-answers.ts';
import { longestWaitMs } from './hold-rules.ts';
import { HOLD_SCRIPT } from './hold-script.ts';
import { addressSections } from './own-addresses.ts';
import { OWN_SCRIPT } from './own-script.ts';
import { isDetected } from './proxy-names.ts';
import { portSections } from './render-port.ts';
import { RUNTIME_SOCKET } from './runtime-socket.ts';

/** Where the ingress's volume is mounted. */
export const CONFIG_DIRECTORY = '/etc/lobbie';
/** The action `lua.hold`, in the same directory. */
export const HOLD_SCRIPT_NAME = 'hold.lua';
/** The converter `lua.own`, in the same directory. */
export const OWN_SCRIPT_NAME = 'own.lua';

/** The socket of HAProxy's master, for reloads and for questions to old workers. */
export const MASTER_SOCKET = '/run/haproxy/master.sock';

/** Starts HAProxy in an ingress: a master that accepts commands, and workers. */
export const START_COMMAND = ['haproxy', '-W', '-db', '-S', MASTER_SOCKET, '-f', `${CONFIG_DIRECTORY}/haproxy.cfg`];
/** Soft stop: requests in flight end, bounded by hard-stop-after. */
export const STOP_SIGNAL = 'SIGUSR1';
/** The prefix of the line with the state; `parseState` reads it back. */
export const STATE_PREFIX = '# lobbie ';

const CONNECT_TIMEOUT_MS = 300;
// Database connections and WebSockets may be idle for long, as without an ingress. Keep-alive probes detect connections
// whose other end is gone, and a drain cuts them by stopping the replica.
const TUNNEL_TIMEOUT = '24d';
// HAProxy has one number for failed connections and for requests that a replica accepted but did not answer.
const RETRIES = 3;

/**
 * The configuration of an ingress, for HAProxy 3.0 and newer. The same state gives the same text.
 *
 * @param generation counts the reloads: a worker that was replaced hands over to later ones
 */
export const renderHaproxyConfig = (state: IngressState, generation = 0): string =>
  [
    `${STATE_PREFIX}${JSON.stringify(state)}`,
    '# Written by lobbie before each change of the running HAProxy. Manual changes are lost.',
    ...globalSection(state),
    `  description ${fingerprint(state)} ${generation}`,
    ...resolversSection,
    ...defaultsSections(state),
    ...addressSections(state),
    ...state.ports.flatMap((port) => portSections(state, port, generation)),
    '',
  ].join('\n');

/**
 * Short hash of everything that only a reload can change: all but the content of the slots. A running HAProxy shows its
 * own in `show info`.
 */
export const fingerprint = (state: IngressState): string => {
  const empty = { ...state, slots: state.slots.map((fill) => withoutContainer(fill, state)) };
  const lines = [globalSection, () => resolversSection, defaultsSections, addressSections].flatMap((section) =>
    section(empty),
  );
  const all = [HOLD_SCRIPT, OWN_SCRIPT, ...lines, ...empty.ports.flatMap((port) => portSections(empty, port, 0))];
  return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 12);
};

// The part of a server's line that is fixed: what its replica reads first, if the next one will read something else.
const withoutContainer = (fill: SlotFill | null, { proxyProtocol }: IngressState): SlotFill | null =>
  fill === null || fill.proxyProtocol === proxyProtocol ? null : { ...fill, container: 'any', state: 'ready' };

// fd-hard-limit: engines give containers limits from a thousand to a thousand million descriptors, and HAProxy sizes
// maxconn and its tables by them. thread-hard-limit: an ingress is one of many containers on its machine. bufsize: must
// hold a header of 32 kB and what the ingress adds. A connection with a request then takes 53 kB of memory; with a
// bufsize of 64 kB it would take 78 kB. maxhdr: more than the rules accept, because HAProxy's own answer to too many
// headers is not JSON.
const globalSection = (state: IngressState): string[] => [
  'global',
  '  log stdout format raw local0 notice',
  `  stats socket ${RUNTIME_SOCKET} mode 600 level admin expose-fd listeners`,
  '  stats timeout 1h',
  '  fd-hard-limit 34000',
  '  tune.bufsize 40960',
  '  tune.http.maxhdr 1000',
  '  thread-hard-limit 4',
  // One state for all threads: when one thread detects an outage, all know it.
  `  lua-load ${CONFIG_DIRECTORY}/${HOLD_SCRIPT_NAME}`,
  `  lua-load-per-thread ${CONFIG_DIRECTORY}/${OWN_SCRIPT_NAME}`,
  `  hard-stop-after ${Math.max(state.drainTimeoutMs, longestWaitMs(state))}ms`,
];

// Answers that say nothing about the container (timeouts, refusals) keep the last address for an hour, because the
// engine's DNS is away while the engine restarts. A name that is gone disables its server after a second.
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

const defaultsSections = (state: IngressState): string[] => {
  const detected = state.ports.some(isDetected);
  const needs = (mode: IngressPort['mode']): boolean => detected || state.ports.some((port) => port.mode === mode);
  const bytes = needs('tcp') || state.ports.some((port) => !isDetected(port) && port.mode === 'auto');
  return [
    ...(detected ? frontSection(state) : []),
    ...(needs('http') ? defaultsSection(state, 'http') : []),
    ...(bytes ? defaultsSection(state, 'tcp') : []),
  ];
};

// For ports whose protocol is detected. The backends decide the rest.
const frontSection = (state: IngressState): string[] => [
  'defaults front',
  '  mode tcp',
  '  log global',
  '  option dontlog-normal',
  '  option dontlognull',
  `  timeout client ${waiting(state.clientTimeoutMs, 'tcp', state)}ms`,
  ...requestTimeouts(state),
  ...keepAliveProbes.filter((line) => line.includes('clitcpka')),
  '  option idle-close-on-response',
  '  option http-ignore-probes',
  ...tcpDefaults,
  ...refusals,
];

// connect: replicas are on a network of the same machine. redispatch 1: already the first retry goes to another server.
const defaultsSection = (state: IngressState, mode: 'http' | 'tcp'): string[] => [
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

// If the server sends first, the client is silent while its connection waits, and so is the server side of a connection
// that was handed over and still waits. In HTTP mode HAProxy counts neither while a request waits for a connection.
const waiting = (timeoutMs: number, mode: 'http' | 'tcp', state: IngressState): number =>
  mode === 'http' ? timeoutMs : Math.max(timeoutMs, longestWaitMs(state) + 1000);

const keepAliveProbes = ['clitcpka', 'srvtcpka'].flatMap((option) => [
  `  option ${option}`,
  `  ${option}-idle 60s`,
  `  ${option}-intvl 15s`,
  `  ${option}-cnt 4`,
]);

// A client that never completes its headers gets 408. Between two requests, a connection may be idle like any other.
const HEADERS_TIMEOUT = '60s';

// The log has paths without their queries, because queries may contain secrets.
const requestTimeouts = ({ clientTimeoutMs }: IngressState): string[] => [
  `  timeout http-request ${HEADERS_TIMEOUT}`,
  `  timeout http-keep-alive ${clientTimeoutMs}ms`,
];

const httpDefaults = (state: IngressState): string[] => [
  ...requestTimeouts(state),
  '  log-format "%ci %HM %HPO %ST %b/%s %Tr/%Ta ms %tsc %rc retries"',
  '  retry-on conn-failure empty-response',
  '  http-reuse safe',
  '  option idle-close-on-response',
  '  option http-ignore-probes',
  ...errorAnswers(Math.max(1, Math.ceil(state.outageTimeoutMs / 1000))),
  ...refusals,
];

const tcpDefaults = ['  log-format "%ci:%cp %b/%s %Tw/%Tc/%Tt ms %ts %rc retries"'];
