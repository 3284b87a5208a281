import type { ContainerSettings } from './container-settings.ts';
import type { Mount } from './mount.ts';
import type { Healthcheck, PublishedPort, RestartPolicy } from './service.ts';

export type ContainerStateName = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Of the image that it was made from, whatever its name means now. */
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerStateName;
  readonly health: Health;
  /** Addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** By network name, every address that it has or will have once it runs: a fixed one is its own while it is down. */
  readonly heldAddresses: Readonly<Record<string, readonly string[]>>;
  readonly ports: readonly {
    readonly hostIp: string;
    readonly published: number;
    readonly target: number;
    readonly protocol: string;
  }[];
  /** Of one that has ended. */
  readonly exitCode: number | undefined;
}

export interface ContainerDetails extends ContainerSummary {
  /** Milliseconds since 1970; undefined when it never started or has not ended. */
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
  readonly oomKilled: boolean;
  readonly restartCount: number;
  /** The engine's word on why it could not start, if it has one. */
  readonly error: string;
  /** In force: the container's own or its image's. */
  readonly healthcheck: Healthcheck | undefined;
  readonly restart: RestartPolicy;
  /** Volumes that are mounted; the anonymous ones have names that the engine made up. */
  readonly volumes: readonly { readonly name: string; readonly target: string }[];
  /** The last healthcheck's output as the engine ran it. */
  readonly lastHealthOutput: string | undefined;
}

export interface ContainerSpec extends ContainerSettings {
  readonly name: string;
  readonly image: string;
  readonly platform?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** null takes away the variable that the image sets. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts?: readonly Mount[];
  /** The first is the container's first network. `[]`: none at all, unless `networkMode` says otherwise. */
  readonly networks: readonly EndpointSpec[];
  /** `host`, `bridge`, `none`, `container:<id>`; there are no `networks` then. */
  readonly networkMode?: string;
  readonly ports?: readonly Omit<PublishedPort, 'mode'>[];
  /** TCP ports that it exposes besides the published ones. */
  readonly expose?: readonly number[];
  readonly healthcheck?: Healthcheck;
  readonly restart?: RestartPolicy;
  readonly stopSignal?: string;
  readonly stopGracePeriodMs?: number;
  readonly autoRemove?: boolean;
  /** Opens stdin for one attachment, and closes it when that ends. */
  readonly stdinOnce?: boolean;
}

/** A container's place in a network. */
export interface EndpointSpec {
  /** Of the network, on the engine. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly linkLocalIps?: readonly string[];
  /** Names that lead this container alone elsewhere than others: `container:name`. */
  readonly links?: readonly string[];
  readonly macAddress?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
}

export interface ExecOptions {
  readonly user?: string;
  /** Milliseconds after which the answer is exit code 124 (the process itself may linger). */
  readonly timeoutMs?: number;
  /** Of more output than this, the last bytes are kept; 64 KiB unless told otherwise. */
  readonly mostBytes?: number;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

export interface LogOptions {
  readonly follow?: boolean;
  /** Last lines only. */
  readonly tail?: number;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly signal?: AbortSignal;
}

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly stream: 'stdout' | 'stderr';
  /** Without the line's end. */
  readonly text: string;
}

/** What the engine's machine cannot tell is absent: a cgroup may lack a controller. */
export interface ContainerStats {
  readonly memoryBytes?: number;
  readonly cpuCores?: number;
}
