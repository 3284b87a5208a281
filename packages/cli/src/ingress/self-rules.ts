import type { IngressState } from '../model/ingress.ts';
import { selfName } from './proxy-names.ts';
import { sendProxy } from './proxy-protocol.ts';

/** Looked up once for each connection: the Lua behind it costs more than the other rules. */
const LOOK_UP = '  tcp-request content set-var(sess.own) src,lua.own unless { var(sess.own) -m found }';
const IS_OWN = 'if { var(sess.own) -m bool }';

/**
 * The first rules of a proxy that listens on a port: what one of the replicas sends to its own service goes back to that
 * replica, untouched. It never waits, and nothing is looked at or changed on its way.
 */
export const selfRules = (mode: 'http' | 'tcp'): string[] => [
  LOOK_UP,
  mode === 'http' ? `  http-request allow ${IS_OWN}` : `  tcp-request content accept ${IS_OWN}`,
];

/** The first `use_backend` of such a proxy. */
export const useSelf = (port: number): string => `  use_backend ${selfName(port)} ${IS_OWN}`;

/**
 * The backend of {@link useSelf}. The server has no address: the connection goes to where it came from, at the port that
 * it came to. One that is refused there is not tried again.
 */
export const selfSection = (
  { proxyProtocol }: IngressState,
  port: number,
  mode: 'http' | 'tcp',
  defaults: string,
): string[] => [
  `backend ${selfName(port)} from ${defaults}`,
  `  ${mode === 'tcp' ? 'tcp-request content' : 'http-request'} set-dst src`,
  '  retries 0',
  `  timeout server ${ENDLESS}`,
  `  server itself 0.0.0.0:0 no-check id ${BEYOND_SLOTS}${sendProxy(proxyProtocol)}`,
];

// The replica has its own limits, and without an ingress there are no others.
const ENDLESS = '24d';
// Servers are asked for by their number, and those of the slots count from 1.
const BEYOND_SLOTS = 1_000_000;
