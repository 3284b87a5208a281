/** How long the drain of a replica may take, in milliseconds. */
export interface DrainTimes {
  /** Time for requests in flight to end. */
  readonly requestsMs: number;
  /** Time for connections that carry bytes, and for WebSockets, to end. */
  readonly bytesMs: number;
}

/**
 * If another replica serves, all connections may take the drain timeout. During the drain of the last replica, new
 * requests and connections wait, at most for the hold timeout. So requests in flight get two thirds of the hold
 * timeout, unless the drain timeout is longer than the hold timeout. Connections that carry bytes and WebSockets get a
 * tenth: connection pools and browsers keep them open for ever, so waiting longer would only delay new ones.
 */
export const drainTimes = (drainTimeoutMs: number, holdTimeoutMs: number, isAlone: boolean): DrainTimes => {
  if (!isAlone) return { requestsMs: drainTimeoutMs, bytesMs: drainTimeoutMs };
  const requestsMs =
    drainTimeoutMs > holdTimeoutMs ? drainTimeoutMs : Math.min(drainTimeoutMs, (holdTimeoutMs * 2) / 3);
  return { requestsMs, bytesMs: Math.min(requestsMs, holdTimeoutMs / 10) };
};
