import type { EndpointSpec } from './container.ts';
import type { ProxyProtocol } from './ingress.ts';
import type { PublishedPort, RestartPolicy, Service } from './service.ts';

/** Everything needed to create and start the container of a replica. Its environment and files may be secret. */
export interface ReplicaInput {
  readonly service: Service;
  /** Names on the engine of its networks, in their order. */
  readonly networks: readonly string[];
  /**
   * For each of these networks: names that lead only this container to the ingresses of other services,
   * `container:name`.
   */
  readonly links: readonly (readonly string[])[];
  /** Paths that the image declares as volumes. */
  readonly imageVolumes: readonly string[];
  /** The container whose anonymous volumes it inherits. */
  readonly inherits?: string;
  /** It gets the address of its predecessor, which stops first. */
  readonly keepsAddress: boolean;
  /**
   * This rollout starts, stops or configures an ingress of the service. The ingress that serves then learns of the
   * replica before its gate, and how to speak to it: its old configuration may tell another PROXY protocol.
   */
  readonly ingressChanges: boolean;
}

/** Everything needed to create the container of an ingress. */
export interface IngressInput {
  readonly networks: readonly EndpointSpec[];
  readonly ports: readonly PublishedPort[];
  /** Ports that the container declares, for reverse proxies. */
  readonly exposed: readonly number[];
  /** The labels and variables that reverse proxies read. */
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | null>>;
  /** Reverse proxies find the service by its labels. */
  readonly isDiscovered: boolean;
  readonly peers: readonly PeerNetwork[];
}

/** A network of an ingress. */
export interface PeerNetwork {
  /** Its name on the engine. */
  readonly network: string;
  /** Only containers of the project and its proxies are on it. */
  readonly isOwn: boolean;
}

/** Another service of the project, for messages about failed connections. */
export type Peer = Pick<Service, 'name' | 'containerName' | 'networks' | 'ports' | 'expose'>;

/** What the gate of a replica checks. */
export interface GateInput {
  readonly service: Service;
  /** Ports that the file or the image names. */
  readonly exposed: readonly number[];
  /** The other services of the project. */
  readonly peers: readonly Peer[];
}

/** How to reach a replica without its ingress. */
export interface DialInput {
  readonly proxyProtocol?: ProxyProtocol;
}

export interface DrainInput {
  readonly timeoutMs: number;
}

export interface StopInput {
  /** How long the container may take to stop before it is killed. */
  readonly graceMs: number;
}

export interface RetireInput extends StopInput {
  /** A job leaves no data: its anonymous volumes are removed. */
  readonly isJob: boolean;
}

/** How to start a stopped container again. */
export interface ResumeInput extends DialInput {
  readonly restart: RestartPolicy;
  /** It shares the network or the processes of another container, which must run first. */
  readonly shares: boolean;
}

export interface ConfigureInput {
  /** Absent if no project describes the service. Then the peers stay as they are. */
  readonly peers?: readonly PeerNetwork[];
}

export interface NameInput {
  /** The name under which the ingress serves: the file's `container_name`, or the one that it was made with. */
  readonly name: string;
}
