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
/** The action `lua.hold`, beside the configuration. */
export const HOLD_SCRIPT_NAME = 'hold.lua';
/** The converter `lua.own`, beside it too. */
export const OWN_SCRIPT_NAME = 'own.lua';

/** Where its master takes commands: reloads, and what former workers still serve. */
export const MASTER_SOCKET = '/run/haproxy/master.sock';

/** Starts HAProxy in an ingress: a master that takes commands, and workers. */
export const START_COMMAND = ['haproxy', '-W', '-db', '-S', MASTER_SOCKET, '-f', `${CONFIG_DIRECTORY}/haproxy.cfg`];
/** Soft stop: requests in flight end, bounded by hard-stop-after. */
export const STOP_SIGNAL = 'SIGUSR1';
/** The line that carries the state; `parseState` reads it back. */
export const STATE_PREFIX = '# lobbie ';

const CONNECT_TIMEOUT_MS = 300;
// Connections of databases and WebSockets may be idle for long, as they may without an ingress: those whose other end is
// gone are found out by keep-alive probes, and a drain cuts them by stopping the replica.
const TUNNEL_TIMEOUT = '24d';
// HAProxy has one number for connections that fail and for requests that a replica took and did not answer.
const RETRIES = 3;

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
    ...addressSections(state),
    ...state.ports.flatMap((port) => portSections(state, port, generation)),
    '',
  ].join('\n');

/**
 * Short hash of what only a reload can change: all but what fills the slots. A running HAProxy tells its own in
 * `show info`.
 */
export const fingerprint = (state: IngressState): string => {
  const empty = { ...state, slots: state.slots.map((fill) => withoutContainer(fill, state)) };
  const lines = [globalSection, () => resolversSection, defaultsSections, addressSections].flatMap((section) =>
    section(empty),
  );
  const all = [HOLD_SCRIPT, OWN_SCRIPT, ...lines, ...empty.ports.flatMap((port) => portSections(empty, port, 0))];
  return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 12);
};

// What is fixed in the line of a server: what its replica reads first, where that is not what the next one will read.
const withoutContainer = (fill: SlotFill | null, { proxyProtocol }: IngressState): SlotFill | null =>
  fill === null || fill.proxyProtocol === proxyProtocol ? null : { ...fill, container: 'any', state: 'ready' };

// fd-hard-limit: engines hand containers limits from a thousand to a thousand million descriptors, and HAProxy
// derives maxconn and its tables from them. thread-hard-limit: an ingress is one of many containers on its machine.
// bufsize: a header of 32 kB, and what the ingress adds to it, has to fit. A connection that carries a request takes 53 kB
// of memory then, and would take 78 kB with a bufsize of 64 kB. maxhdr: more than are let through, for HAProxy's own
// answer to even more is not in JSON.
const globalSection = (state: IngressState): string[] => [
  'global',
  '  log stdout format raw local0 notice',
  `  stats socket ${RUNTIME_SOCKET} mode 600 level admin expose-fd listeners`,
  '  stats timeout 1h',
  '  fd-hard-limit 34000',
  '  tune.bufsize 40960',
  '  tune.http.maxhdr 1000',
  '  thread-hard-limit 4',
  // One state for all threads: what one of them found out about an outage holds for all.
  `  lua-load ${CONFIG_DIRECTORY}/${HOLD_SCRIPT_NAME}`,
  `  lua-load-per-thread ${CONFIG_DIRECTORY}/${OWN_SCRIPT_NAME}`,
  `  hard-stop-after ${Math.max(state.drainTimeoutMs, longestWaitMs(state))}ms`,
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

// What is detected by its first bytes: the backends decide the rest.
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

// connect: replicas are on a network of the same machine. redispatch 1: the first retry goes to another server already.
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

// A client that lets the server speak first is silent while its connection waits, and so is the server side of one that
// was handed over and still waits. In HTTP mode HAProxy counts neither while a request waits for a connection.
const waiting = (timeoutMs: number, mode: 'http' | 'tcp', state: IngressState): number =>
  mode === 'http' ? timeoutMs : Math.max(timeoutMs, longestWaitMs(state) + 1000);

const keepAliveProbes = ['clitcpka', 'srvtcpka'].flatMap((option) => [
  `  option ${option}`,
  `  ${option}-idle 60s`,
  `  ${option}-intvl 15s`,
  `  ${option}-cnt 4`,
]);

// A client that never ends its headers is cut with 408. A connection between two requests may be idle as long as any.
const HEADERS_TIMEOUT = '60s';

// The log carries paths without their queries, which may hold secrets.
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
