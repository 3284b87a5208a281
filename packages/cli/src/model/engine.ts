import type { Duplex } from 'node:stream';
import type { Build, ContainerSettings, Healthcheck, Ipam, Mount, PublishedPort, RestartPolicy } from './project.ts';

/**
 * A Docker Engine, as far as lobbie uses one. `connectEngine` in `engine/` is the real one; tests script others.
 * Every method rejects with a LobbieError: `ENGINE_UNREACHABLE` when the engine is gone, else the code named there or
 * `ENGINE_ERROR` with the engine's own words. Names and ids are interchangeable.
 */
export interface Engine {
  readonly endpoint: EngineEndpoint;
  info(): Promise<EngineInfo>;

  /** Containers that carry all these labels, stopped ones too. */
  listContainers(labels: Readonly<Record<string, string>>): Promise<ContainerSummary[]>;
  /** Every container on the engine, whoever made it; for telling who holds a port or a name. */
  listAllContainers(): Promise<ContainerSummary[]>;
  inspectContainer(container: string): Promise<ContainerDetails | undefined>;
  /** Gives the id. `NAME_TAKEN` when the name belongs to another container. */
  createContainer(spec: ContainerSpec): Promise<string>;
  /** `PORT_IN_USE` when the host port is taken. */
  startContainer(container: string): Promise<void>;
  /** SIGTERM (or the container's stop signal), then SIGKILL after the timeout. A stopped or missing container is fine. */
  stopContainer(container: string, timeoutMs: number): Promise<void>;
  /** Its exit status once it has ended; at once where it has already. */
  waitContainer(container: string, signal: AbortSignal): Promise<number>;
  /** What the engine does when the container ends; a missing container is fine. */
  setRestartPolicy(container: string, restart: RestartPolicy): Promise<void>;
  /** `NAME_TAKEN` when the name belongs to another container. */
  renameContainer(container: string, name: string): Promise<void>;
  /** Removes with anonymous volumes; a missing container is fine. */
  removeContainer(container: string, options?: { force?: boolean }): Promise<void>;

  /** Runs to the end. Output is stdout and stderr as they came, cut to the last 64 KiB. */
  exec(container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Runs with stdin and stdout as one stream (stderr is dropped); ends when either side ends. */
  openExec(container: string, argv: readonly string[]): Promise<Duplex>;
  /** Attaches to stdin of a created or running container; the stream closes when the container ends. */
  attach(container: string): Promise<Duplex>;

  /** Files and directories below a path in a container, running or not; empty when the path is missing. */
  readFiles(container: string, path: string): AsyncIterable<FileEntry>;
  /** Owner and mode of one path; undefined when missing. */
  statFile(container: string, path: string): Promise<FileStat | undefined>;
  /** Puts entries below an existing directory of a container, running or not. `DISK_FULL` when there is no room. */
  writeFiles(container: string, directory: string, entries: readonly NewFile[]): Promise<void>;

  /** Log lines, oldest first; with `follow` until the container ends or the signal aborts. */
  logs(container: string, options: LogOptions): AsyncIterable<LogEntry>;
  /** Memory in use now (bytes) and CPU over a tenth of a second (1 = one core); undefined when not running. */
  stats(container: string): Promise<ContainerStats | undefined>;
  /** `health_status`, `die` and `oom` of the containers with these labels, from now on until the signal aborts. */
  events(labels: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<EngineEvent>;

  inspectImage(reference: string): Promise<ImageDetails | undefined>;
  /** Pulls an image. `IMAGE_PULL_FAILED` when the registry refuses, lacks it or cannot be reached within seconds. */
  pullImage(
    reference: string,
    onProgress: (progress: ImageProgress) => void,
    signal: AbortSignal,
    platform?: string,
  ): Promise<void>;
  /**
   * Builds with BuildKit and tags the result. `IMAGE_BUILD_FAILED` carries the failing instruction and its last lines.
   */
  buildImage(build: ImageBuild, onProgress: (progress: ImageProgress) => void, signal: AbortSignal): Promise<void>;
  /** Makes an image without content (from an empty tar), for containers that only carry mounts; gives its id. */
  importEmptyImage(reference: string): Promise<string>;
  removeImage(reference: string): Promise<void>;

  inspectNetwork(name: string): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined>;
  createNetwork(network: NetworkSpec): Promise<void>;
  removeNetwork(name: string): Promise<void>;

  /** Existing volumes are kept as they are. */
  createVolume(volume: VolumeSpec): Promise<void>;
  /** A missing volume is fine. */
  removeVolume(name: string): Promise<void>;
  inspectVolume(name: string): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined>;

  close(): void;
}

/** Where an engine listens and how that was decided. */
export interface EngineEndpoint {
  /** `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`, `npipe://…` */
  readonly url: string;
  /** Such as `DOCKER_HOST` or `context "desktop-linux"`. */
  readonly chosenBy: string;
  /** True where bind mounts mean this machine's own directories (a local socket). */
  readonly local: boolean;
}

export interface EngineInfo {
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** `linux/amd64` */
  readonly platform: string;
  readonly selinux: boolean;
}

export type ContainerStateName = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerStateName;
  readonly health: Health;
  /** Addresses by network name. */
  readonly addresses: Readonly<Record<string, string>>;
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
  readonly imageId: string;
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
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly mounts?: readonly Mount[];
  /** The first is the container's first network. `[]`: none at all, unless `networkMode` says otherwise. */
  readonly networks: readonly EndpointSpec[];
  /** `host`, `bridge`, `none`, `container:<id>`; there are no `networks` then. */
  readonly networkMode?: string;
  readonly ports?: readonly Omit<PublishedPort, 'mode'>[];
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
  readonly macAddress?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
}

export interface NetworkSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly enableIpv4?: boolean;
  readonly enableIpv6?: boolean;
  readonly ipam?: Ipam;
}

export interface VolumeSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
}

export interface ExecOptions {
  readonly user?: string;
  /** Milliseconds after which the answer is exit code 124 (the process itself may linger). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileEntry extends FileStat {
  /** Relative to the path that was read; `''` for the path itself. */
  readonly name: string;
  readonly content: Buffer;
  readonly modifiedAtMs: number;
}

export type NewFile =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly content: string | Buffer;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | {
      readonly kind: 'directory';
      readonly name: string;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    };

export interface LogOptions {
  readonly follow?: boolean;
  /** Last lines only. */
  readonly tail?: number;
  readonly sinceMs?: number;
  readonly signal?: AbortSignal;
}

export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly stream: 'stdout' | 'stderr';
  /** Without the line's end. */
  readonly text: string;
}

export interface ContainerStats {
  readonly memoryBytes: number;
  readonly cpuCores: number;
}

export interface EngineEvent {
  readonly containerId: string;
  readonly kind: 'healthy' | 'unhealthy' | 'died' | 'oom';
}

export interface ImageDetails {
  readonly id: string;
  /** `uid:gid`, a name, or empty for root. */
  readonly user: string;
  /** TCP ports that it names. */
  readonly exposedPorts: readonly number[];
  /** Paths that it declares as volumes. */
  readonly volumes: readonly string[];
  readonly hasHealthcheck: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** What an image, built already or not, says of the containers made from it. */
export type ImageTraits = Pick<ImageDetails, 'exposedPorts' | 'volumes' | 'hasHealthcheck'>;

/** A {@link Build} with the tags and labels of its result. */
export interface ImageBuild extends Build {
  readonly tags: readonly string[];
}

/** Progress of a build, a pull or an upload. */
export interface ImageProgress {
  /** What happens now: an instruction, a layer. */
  readonly message: string;
  readonly current?: number;
  readonly total?: number;
}
