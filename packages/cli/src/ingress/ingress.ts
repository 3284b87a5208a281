import type { IngressCounters, IngressPort, IngressState } from '../model/ingress.ts';
import type { ContainerAddresses } from './own-servers.ts';

/**
 * A running ingress, controlled by the holder of the lease. Each act is written to disk before it takes effect, so that
 * a restart keeps it. Acts may run at the same time. All reject with `INGRESS_FAILED` if HAProxy does not follow.
 */
export interface Ingress {
  /** The configuration on disk. */
  readonly state: IngressState;
  /**
   * Gives a container a slot without requests. Requests that it sends to its own service's name come back to it, even
   * before its gate has passed. Before its start it has no addresses: then its name is resolved soon after the start.
   */
  recognise(container: string, where?: ContainerAddresses): Promise<void>;
  /**
   * Gives a container a slot on all ports; resolves once it is in service on the open ones. `addresses` are the
   * container's addresses on the networks of the ingress. Rejects after a time limit, and frees the slot.
   */
  admit(container: string, addresses: readonly string[]): Promise<void>;
  /**
   * Sends the container no new requests. True once none is in flight, false if the time runs out: see `drainTimes`. An
   * abort rejects with the signal's reason and leaves it drained. A container without a slot has no requests in flight.
   */
  drain(container: string, limits: DrainLimits): Promise<boolean>;
  /** Frees the container's slot. Requests still in flight may end. */
  free(container: string): Promise<void>;
  /**
   * Requests and, on TCP ports, connections at open ports since the ingress started. The difference of two readings is
   * the count in between.
   */
  counters(): Promise<IngressCounters>;
  /**
   * How many restarts of its container `counters` has seen since it was opened. Each cut the connections that it
   * carried.
   */
  readonly restarts: number;
  /**
   * Changes ports, modes, timeouts or the number of slots without losing a request, including requests that wait for a
   * replica. The slots stay as they are, whatever `state` says. Connections on TCP ports, WebSockets and long answers
   * stay with the old worker, which ends after the drain timeout, or the hold timeout if that is longer. If HAProxy
   * refuses the configuration, the old one stays.
   */
  configure(change: (state: IngressState) => IngressState): Promise<void>;
  /** Stores facts about its ports that do not change its behaviour. They are written with its next change. */
  note(ports: readonly IngressPort[]): void;
  close(): void;
}

export interface DrainLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}
