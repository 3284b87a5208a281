import type { IngressState } from '../model/ingress.ts';
import type { BackendKind } from './proxy-names.ts';

/**
 * Rules that make requests wait before a server is chosen for them. HAProxy's `be_conn_free` shows whether only `hold`
 * is left: slots have unlimited connections, which it reports as -1. `nbsrv` would be 1 both for one replica and for
 * `hold`.
 */
export const holdRules = (name: string, kind: BackendKind, state: IngressState): string[] => {
  const rolloutMs = state.empty ? -1 : state.holdTimeoutMs;
  const wait = `lua.hold ${name} ${rolloutMs} ${state.outageTimeoutMs} if { be_conn_free ge 0 }`;
  const inVain = 'if { var(txn.gave_up) -m found }';
  return kind === '-tcp'
    ? [
        // Without this delay, nothing may wait.
        `  tcp-request inspect-delay ${longestWaitMs(state) + 1000}ms`,
        `  tcp-request content ${wait}`,
        `  tcp-request content reject ${inVain}`,
      ]
    : [`  http-request ${wait}`, `  http-request deny deny_status 503 ${inVain}`];
};

/** Limit of connections of the server `hold`: more than can arrive. */
export const HOLD_MAXCONN = 1_000_000;

/** The longest time that a request may wait for a replica, for any reason. */
export const longestWaitMs = ({ holdTimeoutMs, outageTimeoutMs }: IngressState): number =>
  Math.max(holdTimeoutMs, outageTimeoutMs);
