/** What an ingress is told to do; its configuration file is rendered from this and nothing else. */
export interface IngressState {
  readonly service: string;
  /** Ports it listens on, and the replicas' ports behind them. */
  readonly ports: readonly IngressPort[];
  /** Who its peers may be; absent in a state that an older version wrote. */
  readonly peers?: IngressPeers;
  /** Ranges of addresses whose word about their clients is taken. */
  readonly trustedProxies?: readonly string[];
  /** Ports that are published on loopback addresses alone. */
  readonly loopbackPorts?: readonly number[];
  /** The PROXY protocol by which replicas get the address of each client, before anything else. */
  readonly proxyProtocol?: ProxyProtocol;
  /** The service has no replicas, so that no rollout brings one. */
  readonly empty?: true;
  /** Names on the engine of the replicas' networks, where there are several. */
  readonly networks?: readonly string[];
  /** How long a request waits for a replica during a rollout. */
  readonly holdTimeoutMs: number;
  /** How long a request waits for a replica at any other time. */
  readonly outageTimeoutMs: number;
  readonly drainTimeoutMs: number;
  readonly clientTimeoutMs: number;
  readonly serverTimeoutMs: number;
  /** Every slot, free or filled; `slots[0]` is server `s1`. */
  readonly slots: readonly (SlotFill | null)[];
}

/** Addresses on the networks of an ingress. */
export interface IngressPeers {
  /** Subnets of the project's own networks, on which its containers are. */
  readonly subnets: readonly string[];
  /** Where the engine's machine connects from, and with it clients of published ports: who they are is not known. */
  readonly gateways: readonly string[];
}

/** Version of the PROXY protocol. */
export type ProxyProtocol = 'v1' | 'v2';

export interface IngressPort {
  readonly port: number;
  /**
   * What the ingress takes the connections for: HTTP/1, bytes, or, where the file says nothing (`auto`), what the first
   * bytes of each connection show: HTTP/1, HTTP/2 without TLS, or bytes.
   */
  readonly mode: 'http' | 'tcp' | 'auto';
  /** Of `auto`: a replica sends before its client does, so that no first byte can be waited for. */
  readonly speaksFirst?: true;
  /** No replica has been seen to listen there yet. */
  readonly unseen?: true;
  /** Nothing listened there when a replica passed its gate: connections are refused at once. */
  readonly closed?: true;
  /** Of `auto`: what most connections were so far; `https` where clients asked for HTTP within TLS. */
  readonly seen?: 'http' | 'https' | 'tcp';
}

export interface SlotFill {
  /** Container name: looked up by name, for a container that restarts can come back with another address. */
  readonly container: string;
  /** A draining slot takes no new requests. */
  readonly state: 'ready' | 'drain';
  /** What the container reads first of each connection; see {@link IngressState.proxyProtocol}. */
  readonly proxyProtocol?: ProxyProtocol;
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
