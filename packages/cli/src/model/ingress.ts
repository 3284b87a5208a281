/** What an ingress is told to do; its configuration file is rendered from this and nothing else. */
export interface IngressState {
  readonly service: string;
  /** Ports it listens on, and the replicas' ports behind them. */
  readonly ports: readonly IngressPort[];
  /** Only the project's own containers reach it: what they say of their clients is believed. */
  readonly inside?: true;
  /** How long a request waits while no replica is in service. */
  readonly holdTimeoutMs: number;
  readonly drainTimeoutMs: number;
  readonly clientTimeoutMs: number;
  readonly serverTimeoutMs: number;
  /** Every slot, free or filled; `slots[0]` is server `s1`. */
  readonly slots: readonly (SlotFill | null)[];
}

export interface IngressPort {
  readonly port: number;
  readonly mode: 'http' | 'tcp';
  /** The mode is not known yet: no replica was asked, or none answered. */
  readonly guess?: true;
  /** Nothing listened there when a replica was asked: nobody waits for one that does. */
  readonly closed?: true;
}

export interface SlotFill {
  /** Container name: looked up by name, for a container that restarts can come back with another address. */
  readonly container: string;
  /** A draining slot takes no new requests. */
  readonly state: 'ready' | 'drain';
}

/** Counters of an ingress over all its ports. */
export interface IngressCounters {
  readonly total: number;
  /** Requests without an answer of a replica after all retries. */
  readonly failed: number;
  readonly retried: number;
  /** The application's own 5xx. */
  readonly serverErrors: number;
}
