import type { EndpointSpec } from './container.ts';
import type { ProxyProtocol } from './ingress.ts';
import type { PublishedPort, RestartPolicy, Service } from './service.ts';

/** All that it takes to make and start the container of a replica. Its environment and files may be secret. */
export interface ReplicaInput {
  readonly service: Service;
  /** Names on the engine of its networks, in their order. */
  readonly networks: readonly string[];
  /** For each of these networks: names that lead this container alone to the ingresses of others, `container:name`. */
  readonly links: readonly (readonly string[])[];
  /** Paths that the image declares as volumes. */
  readonly imageVolumes: readonly string[];
  /** The container whose anonymous volumes it takes over. */
  readonly inherits?: string;
  /** It gets the address of the container before it, which stops first. */
  readonly keepsAddress: boolean;
  /** This rollout stops an ingress of the service: the one that takes over knows the replica before its gate. */
  readonly changesHands: boolean;
}

/** What the container of an ingress is made from. */
export interface IngressInput {
  readonly networks: readonly EndpointSpec[];
  readonly ports: readonly PublishedPort[];
  /** Ports that the container declares, for reverse proxies. */
  readonly exposed: readonly number[];
  /** What reverse proxies look at. */
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

/** Another service of the project, as far as a message about a failed connection may name it. */
export type Peer = Pick<Service, 'name' | 'containerName' | 'networks' | 'ports' | 'expose'>;

/** What a replica is checked against. */
export interface GateInput {
  readonly service: Service;
  /** Ports that the file or the image names. */
  readonly exposed: readonly number[];
  /** The other services of the project. */
  readonly peers: readonly Peer[];
}

/** How a replica is reached past its ingress. */
export interface DialInput {
  readonly proxyProtocol?: ProxyProtocol;
}

export interface DrainInput {
  readonly timeoutMs: number;
}

export interface StopInput {
  /** How long the container may take to stop by itself. */
  readonly graceMs: number;
}

export interface RetireInput extends StopInput {
  /** A job leaves no data: its anonymous volumes are removed. */
  readonly isJob: boolean;
}

/** How a container that was stopped runs again. */
export interface ResumeInput extends DialInput {
  readonly restart: RestartPolicy;
  /** It shares the network or the processes of another container, which has to run first. */
  readonly shares: boolean;
}

export interface ConfigureInput {
  /** Absent where no project describes the service: then the peers stay as they are. */
  readonly peers?: readonly PeerNetwork[];
}

export interface NameInput {
  /** The name under which the ingress serves: the file's `container_name`, or the one that it was made with. */
  readonly name: string;
}
