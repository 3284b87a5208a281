/** The state of an ingress. Its configuration file is rendered from this and nothing else. */
export interface IngressState {
  readonly service: string;
  /** Ports it listens on, and the replicas' ports behind them. */
  readonly ports: readonly IngressPort[];
  /** Addresses of its peers; absent in a state that an older version wrote. */
  readonly peers?: IngressPeers;
  /** Address ranges of proxies whose headers about their clients are trusted. */
  readonly trustedProxies?: readonly string[];
  /** Ports that are published on loopback addresses only. */
  readonly loopbackPorts?: readonly number[];
  /** The PROXY protocol that tells replicas the address of each client. */
  readonly proxyProtocol?: ProxyProtocol;
  /** The service has no replicas, so no rollout will bring one. */
  readonly empty?: true;
  /** Names on the engine of the replicas' networks, if there are several. */
  readonly networks?: readonly string[];
  /** How long a request waits for a replica during a rollout. */
  readonly holdTimeoutMs: number;
  /** How long a request waits for a replica at any other time. */
  readonly outageTimeoutMs: number;
  readonly drainTimeoutMs: number;
  readonly clientTimeoutMs: number;
  readonly serverTimeoutMs: number;
  /** All slots, free or filled; `slots[0]` is server `s1`. */
  readonly slots: readonly (SlotFill | null)[];
}

/** Addresses on the networks of an ingress. */
export interface IngressPeers {
  /** Subnets of the project's own networks, with its containers. */
  readonly subnets: readonly string[];
  /**
   * Addresses that the engine's machine connects from. Clients of published ports may have them too, so they identify
   * nobody.
   */
  readonly gateways: readonly string[];
}

/** Version of the PROXY protocol. */
export type ProxyProtocol = 'v1' | 'v2';

export interface IngressPort {
  readonly port: number;
  /**
   * What the ingress treats connections as: HTTP/1 or bytes. With `auto` (the file does not say), the first bytes of
   * each connection decide: HTTP/1, HTTP/2 without TLS, or bytes.
   */
  readonly mode: 'http' | 'tcp' | 'auto';
  /** With `auto`: the replica sends first, so the ingress cannot wait for the client's first bytes. */
  readonly speaksFirst?: true;
  /** No replica has listened there yet. */
  readonly unseen?: true;
  /** No replica listened there when it passed its gate: connections are refused at once. */
  readonly closed?: true;
  /** With `auto`: the protocol of most connections so far; `https` if clients used HTTP within TLS. */
  readonly seen?: 'http' | 'https' | 'tcp';
}

export interface SlotFill {
  /** Container name. The ingress resolves it, because a restarted container can have another address. */
  readonly container: string;
  /** A draining slot gets no new requests. */
  readonly state: 'ready' | 'drain';
  /** What the container reads first from each connection; see {@link IngressState.proxyProtocol}. */
  readonly proxyProtocol?: ProxyProtocol;
}

/** Counters of an ingress over all its ports. */
export interface IngressCounters {
  readonly total: number;
  /** Requests that no replica answered, after all retries. */
  readonly failed: number;
  readonly retried: number;
  /** 5xx answers of the application itself. */
  readonly serverErrors: number;
}
