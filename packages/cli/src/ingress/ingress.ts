import type { IngressCounters, IngressPort, IngressState } from '../model/ingress.ts';
import type { ContainerAddresses } from './own-servers.ts';

/**
 * A running ingress, under the hands of the holder of the lease. Each act is on disk before it is live, so that a
 * restart comes back with it. Acts may run side by side. All reject with `INGRESS_FAILED` when HAProxy does not follow.
 */
export interface Ingress {
  /** What the configuration on disk says now. */
  readonly state: IngressState;
  /**
   * Gives a container a slot without requests: what it sends to the service's own name comes back to it, also before it
   * works. Before its start it has no addresses: then it is recognised by its name, soon after its start.
   */
  recognise(container: string, where?: ContainerAddresses): Promise<void>;
  /**
   * Gives a container a slot on all ports; resolves once it is in service on those that are open. `addresses` are the
   * container's on the networks of the ingress. Rejects after 10 s, and the slot is free again.
   */
  admit(container: string, addresses: readonly string[]): Promise<void>;
  /**
   * Gives the container no new requests; true once none is in flight, false when the time has passed: see `drainTimes`. An
   * abort rejects with the signal's reason, and leaves it drained. A container without a slot has none in flight.
   */
  drain(container: string, limits: DrainLimits): Promise<boolean>;
  /** Gives a drained container requests again. */
  readmit(container: string): Promise<void>;
  /** Frees the container's slot; requests still in flight are left to end. */
  release(container: string): Promise<void>;
  /**
   * Requests and, on TCP ports, connections since the ingress started, at open ports: the difference of two readings
   * counts what came between them.
   */
  counters(): Promise<IngressCounters>;
  /** How often its container was restarted since it was opened, as far as `counters` saw: what it carried then was cut. */
  readonly restarts: number;
  /**
   * Brings in changed ports, modes, timeouts or number of slots without losing a request, also of those that wait for a
   * replica; the slots keep what fills them, whatever `state` says of it. Connections on TCP ports, WebSockets and answers
   * that last stay with the former worker, which is cut off after the drain timeout, or the hold timeout where that is
   * longer. When HAProxy refuses the configuration, the former one stays.
   */
  configure(state: IngressState): Promise<void>;
  /** Takes note of facts about its ports that change nothing in what it does; written with its next change. */
  note(ports: readonly IngressPort[]): void;
  close(): void;
}

export interface DrainLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}
