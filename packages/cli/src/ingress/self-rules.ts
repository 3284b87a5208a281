import type { IngressState } from '../model/ingress.ts';
import { selfName } from './proxy-names.ts';
import { sendProxy } from './proxy-protocol.ts';

/** Looked up once per connection, because the Lua code costs more than the other rules. */
const LOOK_UP = '  tcp-request content set-var(sess.own) src,lua.own unless { var(sess.own) -m found }';
const IS_OWN = 'if { var(sess.own) -m bool }';

/**
 * The first rules of a proxy that listens on a port: a connection from one of the replicas to its own service goes back
 * to that replica, unchanged. It never waits, and no other rule applies.
 */
export const selfRules = (mode: 'http' | 'tcp'): string[] => [
  LOOK_UP,
  mode === 'http' ? `  http-request allow ${IS_OWN}` : `  tcp-request content accept ${IS_OWN}`,
];

/** The first `use_backend` of such a proxy. */
export const useSelf = (port: number): string => `  use_backend ${selfName(port)} ${IS_OWN}`;

/**
 * The backend of {@link useSelf}. The server has no address: the connection goes back to its source, at the port it
 * came to. If it is refused there, it is not tried again.
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

// The replica has its own limits, and without an ingress there would be no others.
const ENDLESS = '24d';
// Servers are queried by number, and the slots count from 1.
const BEYOND_SLOTS = 1_000_000;
