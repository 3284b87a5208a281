/** What one Compose file (or the built-in demo) describes, resolved: every path absolute, every default filled in. */
export interface Project {
  /** Prefix of everything on the engine; lower-case letters, digits, `-` and `_`, as Compose has it. */
  readonly name: string;
  readonly services: readonly Service[];
  readonly networks: readonly Network[];
  /** The bind-mounted directory that outlives all containers; absent where no service keeps one. */
  readonly history?: HistoryDirectory;
}

export interface Network {
  /** Key in the Compose file. */
  readonly key: string;
  /** Name on the engine. */
  readonly name: string;
}

export interface HistoryDirectory {
  /** Absolute path on the engine's machine. */
  readonly source: string;
}

export interface Service {
  readonly name: string;
  /** The image to run: a reference to pull, or the tag that {@link Build} gives its result. */
  readonly image: string;
  readonly build?: Build;
  readonly replicas: number;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts: readonly Mount[];
  /** Keys of {@link Project.networks}. */
  readonly networks: readonly string[];
  readonly ports: readonly PublishedPort[];
  readonly healthcheck?: Healthcheck;
  readonly restart: RestartPolicy;
  readonly stopSignal?: string;
  readonly stopGracePeriodMs: number;
  readonly hardening: Hardening;
  readonly update: UpdateConfig;
  readonly ingress: IngressConfig;
  /** Path asked of each replica after its gate; the answer's `file` is shown in the receipt. */
  readonly report?: string;
}

export interface Build {
  /** Absolute path of the context on this machine. */
  readonly context: string;
  /** Path of the Dockerfile, relative to the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
}

export type Mount =
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: 'volume'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: 'tmpfs'; readonly target: string };

export interface PublishedPort {
  /** Port inside the container. */
  readonly target: number;
  /** Port on the host; 0 lets the engine pick a free one. */
  readonly published: number;
  /** Address on the host; absent means all of them. */
  readonly hostIp?: string;
}

/** Compose's healthcheck; absent fields fall to the engine's defaults. All durations in milliseconds. */
export interface Healthcheck {
  /** As in the Engine API: `['CMD', …]`, `['CMD-SHELL', line]` or `['NONE']`. */
  readonly test: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
}

export type RestartPolicy = 'no' | 'always' | 'unless-stopped' | 'on-failure';

export interface Hardening {
  readonly capDrop: readonly string[];
  readonly capAdd: readonly string[];
  readonly securityOpt: readonly string[];
  readonly pidsLimit?: number;
  readonly init: boolean;
  readonly readOnly: boolean;
}

/** Compose's `deploy.update_config`, as far as start-first rollouts use it. */
export interface UpdateConfig {
  readonly order: 'start-first';
  /** How many replicas change at a time; 0 means all at once. */
  readonly parallelism: number;
  /** How long a replica without a healthcheck has to stay up. */
  readonly monitorMs: number;
}

export interface IngressConfig {
  readonly mode: 'http' | 'tcp';
  readonly drainTimeoutMs: number;
  readonly clientTimeoutMs: number;
  readonly serverTimeoutMs: number;
}

/** One place that a container fills, such as `api-1`. */
export interface ReplicaId {
  readonly service: string;
  readonly index: number;
}

/** `api-1` */
export const replicaName = ({ service, index }: ReplicaId): string => `${service}-${index}`;

/** Services whose ports an ingress owns. */
export const hasIngress = (service: Service): boolean => service.ports.length > 0;
