import type { ContainerSettings } from './container-settings.ts';
import type { Mount } from './mount.ts';
import type { Healthcheck, PublishedPort, RestartPolicy } from './service.ts';

export type ContainerStateName = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** The image that it was made from, even if the image's name has moved since. */
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerStateName;
  readonly health: Health;
  /** Addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
  /**
   * By network name, every address that it has or will have when it runs: a stopped container keeps its fixed
   * addresses.
   */
  readonly heldAddresses: Readonly<Record<string, readonly string[]>>;
  readonly ports: readonly {
    readonly hostIp: string;
    readonly published: number;
    readonly target: number;
    readonly protocol: string;
  }[];
  /** Exit status; undefined while it runs. */
  readonly exitCode: number | undefined;
}

export interface ContainerDetails extends ContainerSummary {
  /** Milliseconds since 1970; undefined if it has not started or not ended. */
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
  readonly oomKilled: boolean;
  readonly restartCount: number;
  /** The engine's reason why it could not start; empty if there is none. */
  readonly error: string;
  /** The healthcheck in effect: the container's own or its image's. */
  readonly healthcheck: Healthcheck | undefined;
  readonly restart: RestartPolicy;
  /** Mounted volumes. The engine gives names to the anonymous ones. */
  readonly volumes: readonly { readonly name: string; readonly target: string }[];
  /** Output of the last healthcheck that the engine ran. */
  readonly lastHealthOutput: string | undefined;
}

export interface ContainerSpec extends ContainerSettings {
  readonly name: string;
  readonly image: string;
  readonly platform?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** null removes a variable that the image sets. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts?: readonly Mount[];
  /** The first one is the container's main network. `[]`: none, unless `networkMode` says otherwise. */
  readonly networks: readonly EndpointSpec[];
  /** `host`, `bridge`, `none`, `container:<id>`; `networks` is empty then. */
  readonly networkMode?: string;
  readonly ports?: readonly Omit<PublishedPort, 'mode'>[];
  /** TCP ports that it exposes in addition to the published ones. */
  readonly expose?: readonly number[];
  readonly healthcheck?: Healthcheck;
  readonly restart?: RestartPolicy;
  readonly stopSignal?: string;
  readonly stopGracePeriodMs?: number;
  readonly autoRemove?: boolean;
  /** Opens stdin for one attachment and closes it when that ends. */
  readonly stdinOnce?: boolean;
}

/** How a container is attached to a network. */
export interface EndpointSpec {
  /** Name of the network on the engine. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly linkLocalIps?: readonly string[];
  /** Names that resolve to another container for this container only: `container:name`. */
  readonly links?: readonly string[];
  readonly macAddress?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
}

export interface ExecOptions {
  readonly user?: string;
  /** After this time the exit code is 124. The process itself may continue. */
  readonly timeoutMs?: number;
  /** Keeps only the last bytes of longer output. Default: 64 KiB. */
  readonly mostBytes?: number;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

export interface LogOptions {
  readonly follow?: boolean;
  /** Only the last lines. */
  readonly tail?: number;
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly signal?: AbortSignal;
}

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly stream: 'stdout' | 'stderr';
  /** Without the line break. */
  readonly text: string;
}

/** A value is absent if the engine's machine cannot measure it, such as without the cgroup controller. */
export interface ContainerStats {
  readonly memoryBytes?: number;
  readonly cpuCores?: number;
}
