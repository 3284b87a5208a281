import type { Build } from './build.ts';
import type { ContainerSettings } from './container-settings.ts';
import { isDiscovered } from './discovery.ts';
import type { ProxyProtocol } from './ingress.ts';
import type { Mount } from './mount.ts';

export interface Service {
  readonly name: string;
  /** The image to run: a reference to pull, or the tag of the {@link Build}'s result. */
  readonly image: string;
  readonly build?: Build;
  readonly pullPolicy: PullPolicy;
  /** `linux/arm64`; absent means the engine's own. */
  readonly platform?: string;
  readonly replicas: number;
  /** An additional name of the service. See {@link hasIngress} for which container has it. */
  readonly containerName?: string;
  /** `[]` clears the image's entrypoint. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** null removes a variable that the image sets. */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts: readonly Mount[];
  /** Configs and secrets, as files in each container. */
  readonly files: readonly ServiceFile[];
  readonly networks: readonly ServiceNetwork[];
  /** `host`, `none`, `bridge`, `service:<name>` or `container:<name>`; `networks` is empty then. */
  readonly networkMode?: string;
  readonly ports: readonly PublishedPort[];
  /** TCP ports that other services use, in addition to the published ones. */
  readonly expose: readonly number[];
  /** `expose` names a port that is not TCP. */
  readonly exposesUdp?: true;
  readonly healthcheck?: Healthcheck;
  readonly restart: RestartPolicy;
  /**
   * The file does not set a restart policy. With `"no"`, the service may end after its gate; without one, it may not.
   */
  readonly restartUnsaid?: true;
  readonly stopSignal?: string;
  readonly stopGracePeriodMs: number;
  readonly settings: ContainerSettings;
  readonly dependsOn: readonly Dependency[];
  /** It runs to its end once per release, before the services that wait for it. */
  readonly job: boolean;
  readonly update: UpdateConfig;
  readonly rollback: RollbackConfig;
  readonly ingress: IngressConfig;
  /** Another service of the project is on one of its networks, or a network is external. */
  readonly shared?: true;
  /** Other services use its name as a host: the ports that they name with it, if any. */
  readonly addressed?: readonly number[];
  /** The services whose names it uses as hosts, or that it depends on; absent: none. */
  readonly calls?: readonly string[];
  /** Services that look up every address behind its name; includes itself if its replicas find each other this way. */
  readonly lookedUpBy?: readonly string[];
  /** The decision about its ingress, from its image and what runs; absent: only the file decides. */
  readonly front?: Front;
  /** The path to request from each replica after its gate. The answer is shown in the receipt. */
  readonly report?: string;
  /** Reverse proxies must find the replicas by their labels and environment, not the ingress. */
  readonly discovery?: 'replicas';
}

/** When to pull the image. `build` builds it even if an image with that name exists. */
export type PullPolicy = 'always' | 'missing' | 'never' | 'build';

/** A config or a secret as a file inside the container. */
export interface ServiceFile {
  readonly kind: 'config' | 'secret';
  /** Key in the Compose file. */
  readonly name: string;
  /** Absolute path inside the container. */
  readonly target: string;
  /** Base64 of the bytes. */
  readonly content: string;
  /** Absolute path of its `file:`, if the engine runs on this machine and can mount it. */
  readonly source?: string;
  /** Absent: the user that the container runs as. */
  readonly uid?: number;
  /** Absent: the group that the container runs as. */
  readonly gid?: number;
  /** Permission bits. Absent: 0444. */
  readonly mode?: number;
}

export interface ServiceNetwork {
  /** Key of {@link Project.networks}. */
  readonly key: string;
  /** Names in addition to the service's own. */
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly linkLocalIps?: readonly string[];
  readonly macAddress?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
}

export interface PublishedPort {
  /** Port inside the container. */
  readonly target: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Port on the host; 0 lets the engine pick a free one. */
  readonly published: number;
  /** The engine picks a free port between `published` and this one. */
  readonly publishedEnd?: number;
  /** Address on the host; absent means all of them. */
  readonly hostIp?: string;
  /** The file's `app_protocol`. Absent: detected from the first bytes of each connection. */
  readonly mode?: 'http' | 'tcp';
}

/** Compose's healthcheck. Absent fields use the engine's defaults. All durations are in milliseconds. */
export interface Healthcheck {
  /** As in the Engine API: `['CMD', …]`, `['CMD-SHELL', line]`, `['NONE']`, or `[]` for the image's own. */
  readonly test: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
  readonly startIntervalMs?: number;
}

export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  /** For `on-failure`. */
  readonly maxRetries?: number;
}

/** What a service waits for before its containers start. */
export interface Dependency {
  readonly service: string;
  readonly condition: 'started' | 'healthy' | 'completed';
  /** If false, a missing or failed dependency gives a warning, and the service starts. */
  readonly required: boolean;
  /** A new container of the dependency also replaces the containers of this service. */
  readonly restart: boolean;
}

/** Compose's `deploy.update_config`. */
export interface UpdateConfig {
  /** Absent: decided by what the service mounts and publishes. */
  readonly order?: RolloutOrder;
  /** How many replicas change at a time; 0 means all at once. Absent: all if start-first, otherwise one. */
  readonly parallelism?: number;
  /** Between one batch and the next. */
  readonly delayMs: number;
  /** How long a replica is watched after its gate. Absent: not at all with a healthcheck, 5 s without one. */
  readonly monitorMs?: number;
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  /** The share of replicas, 0 to 1, that may fail without triggering the failure action. */
  readonly maxFailureRatio: number;
}

export type RolloutOrder = 'start-first' | 'stop-first';

/** Compose's `deploy.rollback_config`, as far as it applies to undoing a rollout. */
export interface RollbackConfig {
  /** How many replicas change back at a time; 0 means all at once. */
  readonly parallelism: number;
  readonly delayMs: number;
}

/** What is in front of a service, as {@link decideFront} decides it. */
export interface Front {
  readonly ingress: boolean;
  /** No port has been seen to listen yet. If the first gate finds none either, the ingress is removed. */
  readonly tentative?: true;
  /**
   * It has no ingress, and its replicas do not have its names, because they were made behind an ingress that is gone.
   */
  readonly nameless?: true;
  /** TCP ports that it was seen to listen on; absent: none. */
  readonly listens?: readonly number[];
  /** Some of its connections were not HTTP. */
  readonly bytes?: true;
}

export interface IngressConfig {
  /** Whether the file asks for an ingress or refuses one. Absent: lobbie decides. */
  readonly wanted?: boolean;
  /** A path that must answer 2xx or 3xx at the gate, in addition to the healthcheck. */
  readonly healthPath?: string;
  /** TCP ports that it listens on, in addition to those published, exposed or named by the image. */
  readonly ports: readonly number[];
  readonly drainTimeoutMs: number;
  /** How long a request waits for a replica during a rollout. */
  readonly holdTimeoutMs: number;
  /** How long a request waits for a replica at any other time. */
  readonly outageTimeoutMs: number;
  /** The share of answers after a switch that may be 5xx, 0 to 1. Absent: answers are not watched. */
  readonly maxErrorRatio?: number;
  /** With fewer requests, their share does not count. */
  readonly minRequests?: number;
  readonly clientTimeoutMs: number;
  readonly serverTimeoutMs: number;
  /**
   * Address ranges of proxies whose headers about their clients are trusted. Absent: only the project's own containers.
   */
  readonly trustedProxies?: readonly string[];
  /** The PROXY protocol that tells replicas the address of each client. Absent: only `X-Forwarded-For`. */
  readonly proxyProtocol?: ProxyProtocol;
}

/** A place for one container, such as `api-1`. */
export interface ReplicaId {
  readonly service: string;
  readonly index: number;
}

/** `api-1` */
export const replicaName = ({ service, index }: ReplicaId): string => `${service}-${index}`;

/**
 * Whether a service has an ingress in front. The ingress owns the service's TCP ports and, if `namesAtIngress`, its
 * names. Before the decision is made, only what the file clearly asks for counts.
 */
export const hasIngress = (service: Service): boolean => service.front?.ingress ?? asksForIngress(service);

/** Whether an ingress is possible: not for a job, not without networks that lobbie controls, not against the file. */
export const mayHaveIngress = ({ job, networkMode, ingress }: Service): boolean =>
  !job && networkMode === undefined && ingress.wanted !== false;

/**
 * Whether the file itself asks for an ingress: it says so, publishes a TCP port, says start-first, or has labels for a
 * reverse proxy.
 */
export const asksForIngress = (service: Service): boolean =>
  mayHaveIngress(service) &&
  (service.ingress.wanted === true ||
    service.update.order === 'start-first' ||
    service.ingress.ports.length > 0 ||
    service.ports.some(({ protocol }) => protocol === 'tcp') ||
    isDiscovered(service));

/** The published ports that the ingress owns. The containers own the others. */
export const ingressPorts = (service: Service): readonly PublishedPort[] =>
  hasIngress(service) ? service.ports.filter(({ protocol }) => protocol === 'tcp') : [];

/** Whether a port is one certain port of the host, not one that the engine picks. */
export const isFixedPort = ({ published, publishedEnd }: PublishedPort): boolean =>
  published !== 0 && publishedEnd === undefined;

/** The published ports of the replica's own container. */
export const ownPorts = (service: Service): readonly PublishedPort[] =>
  hasIngress(service) ? service.ports.filter(({ protocol }) => protocol !== 'tcp') : service.ports;
