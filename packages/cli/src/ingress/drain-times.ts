/** How long a replica that is drained may take, in milliseconds. */
export interface DrainTimes {
  /** For the requests in flight to end. */
  readonly requestsMs: number;
  /** For connections to end that carry bytes, and for WebSockets. */
  readonly bytesMs: number;
}

/**
 * While another replica serves, all may take the drain timeout. The last one is different: new requests and connections
 * wait meanwhile, for the hold timeout at most. So requests in flight get two thirds of that, unless the drain timeout was
 * chosen longer than the hold timeout. Connections that carry bytes, and WebSockets, get a tenth: pools and browsers keep
 * theirs open for good, and would only make the new ones wait.
 */
export const drainTimes = (drainTimeoutMs: number, holdTimeoutMs: number, isAlone: boolean): DrainTimes => {
  if (!isAlone) return { requestsMs: drainTimeoutMs, bytesMs: drainTimeoutMs };
  const requestsMs =
    drainTimeoutMs > holdTimeoutMs ? drainTimeoutMs : Math.min(drainTimeoutMs, (holdTimeoutMs * 2) / 3);
  return { requestsMs, bytesMs: Math.min(requestsMs, holdTimeoutMs / 10) };
};
