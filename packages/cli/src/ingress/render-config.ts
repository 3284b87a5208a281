import { createHash } from 'node:crypto';
import type { IngressState, SlotFill } from '../model/observed.ts';

/** Where HAProxy takes commands, inside the ingress. */
export const RUNTIME_SOCKET = '/run/haproxy/haproxy.sock';
/** Where its master takes commands: reloads, and what former workers still serve. */
export const MASTER_SOCKET = '/run/haproxy/master.sock';
/** The line that carries the state; `parseState` reads it back. */
export const STATE_PREFIX = '# lobbie ';

// Refuses every connection. As the backup it is tried only while no slot is in service, and each try waits: so requests
// wait a few seconds for a replica rather than fail at once.
const HOLD_ADDRESS = '127.0.0.1:1';

/** HAProxy's name of the proxy that serves a port. */
export const proxyName = (port: number): string => `port-${port}`;

/** HAProxy's name of a slot, counted from 0: `s1`, `s2`, … */
export const serverName = (slot: number): string => `s${slot + 1}`;

/** The configuration of an ingress, for HAProxy 3.0 and newer; the same state gives the same text. */
export const renderConfig = (state: IngressState): string =>
  [
    `${STATE_PREFIX}${JSON.stringify(state)}`,
    '# Written by lobbie before each change of the running HAProxy; changes made by hand are lost.',
    ...globalSection(state),
    `  description ${fingerprint(state)}`,
    ...resolversSection,
    ...defaultsSection(state),
    ...state.ports.flatMap((port) => listenSection(state, port)),
    '',
  ].join('\n');

/**
 * Short hash of what only a reload can change: all but what fills the slots. A running HAProxy tells its own in
 * `show info`.
 */
export const fingerprint = (state: IngressState): string => {
  const empty = { ...state, slots: state.slots.map(() => null) };
  const lines = [globalSection, () => resolversSection, defaultsSection].flatMap((section) => section(empty));
  const all = [...lines, ...empty.ports.flatMap((port) => listenSection(empty, port))];
  return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 12);
};

// fd-hard-limit: engines hand containers limits from a thousand to a thousand million descriptors, and HAProxy
// derives maxconn and its tables from them. thread-hard-limit: an ingress is one of many containers on its machine.
const globalSection = ({ drainTimeoutMs }: IngressState): string[] => [
  'global',
  '  log stdout format raw local0 notice',
  `  stats socket ${RUNTIME_SOCKET} mode 600 level admin expose-fd listeners`,
  '  stats timeout 1h',
  '  fd-hard-limit 131072',
  '  thread-hard-limit 4',
  `  hard-stop-after ${drainTimeoutMs}ms`,
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

// connect: replicas are on a network of the same machine. redispatch 1: the first retry goes to another server already.
const defaultsSection = ({ mode, clientTimeoutMs, serverTimeoutMs, drainTimeoutMs }: IngressState): string[] => [
  'defaults',
  `  mode ${mode}`,
  '  log global',
  '  option dontlog-normal',
  '  option dontlognull',
  `  balance ${mode === 'http' ? 'roundrobin' : 'leastconn'}`,
  '  timeout connect 300ms',
  `  timeout client ${clientTimeoutMs}ms`,
  `  timeout server ${serverTimeoutMs}ms`,
  `  timeout tunnel ${drainTimeoutMs}ms`,
  '  retries 10',
  '  option redispatch 1',
  ...(mode === 'http' ? httpDefaults : tcpDefaults),
  '  default-server resolvers docker resolve-prefer ipv4 check inter 1s fastinter 200ms downinter 200ms rise 1 fall 2' +
    ' observe layer4 error-limit 1 on-error mark-down',
];

// The log carries paths without their queries, which may hold secrets.
const httpDefaults = [
  '  log-format "%ci %HM %HPO %ST %b/%s %Tr/%Ta ms %tsc %rc retries"',
  '  retry-on conn-failure empty-response',
  '  http-reuse safe',
  '  option idle-close-on-response',
  '  option http-ignore-probes',
];

const tcpDefaults = ['  log-format "%ci:%cp %b/%s %Tw/%Tc/%Tt ms %ts %rc retries"'];

const listenSection = (state: IngressState, port: number): string[] => [
  `listen ${proxyName(port)}`,
  `  bind :${port}`,
  ...(state.mode === 'http' ? httpRules : []),
  ...state.slots.map((fill, slot) => `  server ${serverName(slot)} ${serverAddress(fill, port)}`),
  `  server hold ${HOLD_ADDRESS} backup no-check`,
];

const httpRules = [
  '  http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }',
  '  http-request set-header X-Forwarded-For %[src]',
  '  http-request set-header X-Forwarded-Proto http',
  '  http-request set-header X-Forwarded-Host %[req.hdr(host)]',
];

// A free slot needs a name that resolves, else HAProxy takes none later: the ingress's own, set by the engine, which
// asks nobody outside. A filled one is looked up before the start, so that no request meets a server without address.
const serverAddress = (fill: SlotFill | null, port: number): string => {
  if (fill === null) return `"\${HOSTNAME}:${port}" init-addr none disabled`;
  return `${fill.container}:${port} init-addr libc,none${fill.state === 'drain' ? ' disabled' : ''}`;
};
