import type { Build } from './build.ts';
import type { ContainerSettings } from './container-settings.ts';
import { isDiscovered } from './discovery.ts';
import type { ProxyProtocol } from './ingress.ts';
import type { Mount } from './mount.ts';

export interface Service {
  readonly name: string;
  /** The image to run: a reference to pull, or the tag that {@link Build} gives its result. */
  readonly image: string;
  readonly build?: Build;
  readonly pullPolicy: PullPolicy;
  /** `linux/arm64`; absent means the engine's own. */
  readonly platform?: string;
  readonly replicas: number;
  /** A name by which the service is known besides its own; see {@link hasIngress} for who answers to it. */
  readonly containerName?: string;
  /** `[]` clears the image's. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** null takes away the variable that the image sets. */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts: readonly Mount[];
  /** Configs and secrets as files in each container. */
  readonly files: readonly ServiceFile[];
  readonly networks: readonly ServiceNetwork[];
  /** `host`, `none`, `bridge`, `service:<name>` or `container:<name>`; there are no `networks` then. */
  readonly networkMode?: string;
  readonly ports: readonly PublishedPort[];
  /** TCP ports that other services reach besides the published ones. */
  readonly expose: readonly number[];
  /** `expose` names a port that is not TCP. */
  readonly exposesUdp?: true;
  readonly healthcheck?: Healthcheck;
  readonly restart: RestartPolicy;
  /** The file says nothing of restarts. Unlike one with `"no"`, it is not meant to end later than its gate. */
  readonly restartUnsaid?: true;
  readonly stopSignal?: string;
  readonly stopGracePeriodMs: number;
  readonly settings: ContainerSettings;
  readonly dependsOn: readonly Dependency[];
  /** It runs to its end once a release, before what waits for it. */
  readonly job: boolean;
  readonly update: UpdateConfig;
  readonly rollback: RollbackConfig;
  readonly ingress: IngressConfig;
  /** Another service of the project is on one of its networks, or the network is external. */
  readonly shared?: true;
  /** Other services name it as a host: the ports that they name with it, where they name any. */
  readonly addressed?: readonly number[];
  /** The services that it names as a host, or depends on. Absent: it names none. */
  readonly calls?: readonly string[];
  /** Services that look up every address behind its name; itself, where its replicas find each other by that name. */
  readonly lookedUpBy?: readonly string[];
  /** What was decided about its ingress, from its image and from what runs. Absent: the file alone decides. */
  readonly front?: Front;
  /** Path asked of each replica after its gate; the answer is shown in the receipt. */
  readonly report?: string;
  /** Reverse proxies find the replicas by their labels and environment, and not the ingress. */
  readonly discovery?: 'replicas';
}

/** When an image is pulled; `build` builds it even where there is one of that name. */
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
  /** Absolute path of its `file:`, where the engine runs on this machine and can mount it. */
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
  /** Names besides the service's own. */
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
  /** The engine picks a free port from `published` to here. */
  readonly publishedEnd?: number;
  /** Address on the host; absent means all of them. */
  readonly hostIp?: string;
  /** What the file's `app_protocol` says; unsaid, each connection is detected by its first bytes. */
  readonly mode?: 'http' | 'tcp';
}

/** Compose's healthcheck; absent fields fall to the engine's defaults. All durations in milliseconds. */
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
  /** Of `on-failure`. */
  readonly maxRetries?: number;
}

/** What a service waits for before its containers start. */
export interface Dependency {
  readonly service: string;
  readonly condition: 'started' | 'healthy' | 'completed';
  /** Where false, a dependency that is missing or fails is told and not waited for. */
  readonly required: boolean;
  /** A new container of the dependency means a new one of this service. */
  readonly restart: boolean;
}

/** Compose's `deploy.update_config`. */
export interface UpdateConfig {
  /** Absent: it follows from what the service mounts and publishes. */
  readonly order?: RolloutOrder;
  /** How many replicas change at a time; 0 means all at once. Absent: all where start-first, else one. */
  readonly parallelism?: number;
  /** Between one batch and the next. */
  readonly delayMs: number;
  /** How long a replica is watched after its gate. Absent: not at all with a healthcheck, 5 s without. */
  readonly monitorMs?: number;
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  /** Part of the replicas, 0 to 1, that may fail without the failure action. */
  readonly maxFailureRatio: number;
}

export type RolloutOrder = 'start-first' | 'stop-first';

/** Compose's `deploy.rollback_config`, as far as taking a rollout back has a choice. */
export interface RollbackConfig {
  /** How many replicas change back at a time; 0 means all at once. */
  readonly parallelism: number;
  readonly delayMs: number;
}

/** What stands in front of a service, as {@link decideFront} decides it. */
export interface Front {
  readonly ingress: boolean;
  /** Nothing shows yet that a port of it listens. Where its first gate finds none either, the ingress goes. */
  readonly tentative?: true;
  /** Without an ingress, its replicas do not hold its names: they were made behind one that went. */
  readonly nameless?: true;
  /** TCP ports on which it was seen to listen; absent: none. */
  readonly listens?: readonly number[];
  /** Some of its connections were not HTTP. */
  readonly bytes?: true;
}

export interface IngressConfig {
  /** Whether the file asks for one, whatever the service mounts, or wants none. Absent: lobbie decides. */
  readonly wanted?: boolean;
  /** Path that has to answer 2xx or 3xx at the gate, besides the healthcheck. */
  readonly healthPath?: string;
  /** TCP ports that it listens on besides those that are published, exposed or named by the image. */
  readonly ports: readonly number[];
  readonly drainTimeoutMs: number;
  /** How long a request waits for a replica during a rollout. */
  readonly holdTimeoutMs: number;
  /** How long a request waits for a replica at any other time. */
  readonly outageTimeoutMs: number;
  /** Of the answers after a switch, the part that may be 5xx, 0 to 1. Absent: they are not watched. */
  readonly maxErrorRatio?: number;
  /** With fewer requests than these nothing is said of their share. */
  readonly minRequests?: number;
  readonly clientTimeoutMs: number;
  readonly serverTimeoutMs: number;
  /** Ranges of addresses whose word about their clients is taken; absent: none besides the project's own containers. */
  readonly trustedProxies?: readonly string[];
  /** The PROXY protocol by which replicas get the address of each client; absent: `X-Forwarded-For` alone. */
  readonly proxyProtocol?: ProxyProtocol;
}

/** One place that a container fills, such as `api-1`. */
export interface ReplicaId {
  readonly service: string;
  readonly index: number;
}

/** `api-1` */
export const replicaName = ({ service, index }: ReplicaId): string => `${service}-${index}`;

/**
 * Whether an ingress stands in front of a service. It owns the service's TCP ports and, where `namesAtIngress`, its
 * names. Where nothing was decided yet, only what the file says for sure counts.
 */
export const hasIngress = (service: Service): boolean => service.front?.ingress ?? asksForIngress(service);

/** Whether an ingress is possible: not for a job, nor where the network is not lobbie's to arrange, nor against the file. */
export const mayHaveIngress = ({ job, networkMode, ingress }: Service): boolean =>
  !job && networkMode === undefined && ingress.wanted !== false;

/**
 * Whether the file by itself asks for an ingress: it says so, publishes a TCP port, says start-first, or has labels by
 * which a reverse proxy finds it.
 */
export const asksForIngress = (service: Service): boolean =>
  mayHaveIngress(service) &&
  (service.ingress.wanted === true ||
    service.update.order === 'start-first' ||
    service.ingress.ports.length > 0 ||
    service.ports.some(({ protocol }) => protocol === 'tcp') ||
    isDiscovered(service));

/** The published ports that the ingress owns; the others belong to the containers. */
export const ingressPorts = (service: Service): readonly PublishedPort[] =>
  hasIngress(service) ? service.ports.filter(({ protocol }) => protocol === 'tcp') : [];

/** Whether a port is a certain one of the host, and not one that the engine picks. */
export const isFixedPort = ({ published, publishedEnd }: PublishedPort): boolean =>
  published !== 0 && publishedEnd === undefined;

/** The published ports that a replica's own container has. */
export const ownPorts = (service: Service): readonly PublishedPort[] =>
  hasIngress(service) ? service.ports.filter(({ protocol }) => protocol !== 'tcp') : service.ports;
