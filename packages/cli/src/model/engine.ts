import type { Duplex, Readable } from 'node:stream';
import type {
  ContainerDetails,
  ContainerSpec,
  ContainerStats,
  ContainerSummary,
  ExecOptions,
  ExecResult,
  LogEntry,
  LogOptions,
} from './container.ts';
import type { FileEntry, FileStat, NewFile, ReadLimits } from './engine-file.ts';
import type { FoundNetwork, NetworkDetails, NetworkSpec, VolumeSpec } from './engine-spec.ts';
import type { ImageBuild, ImageDetails, ImageProgress } from './image.ts';
import type { RestartPolicy } from './service.ts';

export interface RemoveOptions {
  /** Removes it even if it runs. */
  readonly force?: boolean;
  /** Keeps its anonymous volumes. */
  readonly keepVolumes?: boolean;
}

/**
 * The parts of a Docker Engine that lobbie uses. `connectEngine` in `engine/` returns the real one; tests script
 * others.
 * Every method rejects with a LobbieError: `ENGINE_UNREACHABLE` if the engine is gone, otherwise the code named at the
 * method, or `ENGINE_ERROR` with the engine's message. Names and ids are interchangeable.
 */
export interface Engine {
  readonly endpoint: EngineEndpoint;
  info(): Promise<EngineInfo>;

  /** Containers that have all these labels, including stopped ones. */
  listContainers(labels: Readonly<Record<string, string>>): Promise<ContainerSummary[]>;
  /** Every container on the engine. For finding out who holds a port or a name. */
  listAllContainers(): Promise<ContainerSummary[]>;
  inspectContainer(container: string): Promise<ContainerDetails | undefined>;
  /**
   * Returns the id. `NAME_TAKEN` if another container has the name.
   *
   * @param warn receives the engine's messages about settings that it does not apply
   */
  createContainer(spec: ContainerSpec, warn?: (words: string) => void): Promise<string>;
  /** `PORT_IN_USE` if the host port is taken. */
  startContainer(container: string): Promise<void>;
  /**
   * Sends SIGTERM (or the container's stop signal), then SIGKILL after the timeout. Ignores a stopped or missing
   * container.
   */
  stopContainer(container: string, timeoutMs: number): Promise<void>;
  /** Waits until it ends for good, after any restarts, and returns its exit status. */
  waitContainer(container: string, signal: AbortSignal): Promise<number>;
  /** Sets what the engine does when the container ends. Ignores a missing container. */
  setRestartPolicy(container: string, restart: RestartPolicy): Promise<void>;
  /** `NAME_TAKEN` if another container has the name. */
  renameContainer(container: string, name: string): Promise<void>;
  /** Removes it with its anonymous volumes, unless `keepVolumes` is set. Ignores a missing container. */
  removeContainer(container: string, options?: RemoveOptions): Promise<void>;

  /** Runs a program to its end. The output is stdout and stderr in order of arrival, by default the last 64 KiB. */
  exec(container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /**
   * Runs a program with stdin and stdout as one stream, which ends when either side ends. If the program cannot run,
   * the stream fails with the engine's message.
   *
   * @param heard receives stderr, which is dropped otherwise
   */
  openExec(container: string, argv: readonly string[], heard?: (stderr: Buffer) => void): Promise<Duplex>;
  /** Attaches to stdin of a created or running container. The stream closes when the container ends. */
  attach(container: string): Promise<Duplex>;

  /**
   * Files and directories below a path in a container, running or not. Empty if the path is missing. Symbolic links are
   * not followed. Content beyond the limits is skipped and never held in memory.
   */
  readFiles(container: string, path: string, limits: ReadLimits): AsyncIterable<FileEntry>;
  /** Owner, mode and link target of one path; undefined if it is missing. */
  statFile(container: string, path: string): Promise<FileStat | undefined>;
  /** Writes entries into an existing directory of a container, running or not. `DISK_FULL` if there is no room. */
  writeFiles(container: string, directory: string, entries: readonly NewFile[]): Promise<void>;

  /** Log lines, oldest first. With `follow`, until the container ends or the signal aborts. */
  logs(container: string, options: LogOptions): AsyncIterable<LogEntry>;
  /**
   * Memory in use (bytes) and CPU over a tenth of a second (1 = one core), as far as they are known. Undefined if
   * neither is known, such as for a stopped container.
   */
  stats(container: string): Promise<ContainerStats | undefined>;
  /** `health_status`, `die` and `oom` events of the containers with these labels, from now until the signal aborts. */
  events(labels: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<EngineEvent>;

  inspectImage(reference: string): Promise<ImageDetails | undefined>;
  /** Pulls an image. `IMAGE_PULL_FAILED` if the registry refuses, lacks it or does not answer within seconds. */
  pullImage(
    reference: string,
    onProgress: (progress: ImageProgress) => void,
    signal: AbortSignal,
    platform?: string,
  ): Promise<void>;
  /**
   * Builds with BuildKit and tags the result. `IMAGE_BUILD_FAILED` contains the failing instruction and its last lines.
   */
  buildImage(build: ImageBuild, onProgress: (progress: ImageProgress) => void, signal: AbortSignal): Promise<void>;
  /** Makes an image without content (from an empty tar), for containers that only hold mounts. Returns its id. */
  importEmptyImage(reference: string): Promise<string>;
  removeImage(reference: string): Promise<void>;
  /** Gives an image another name. The name is removed from any other image. */
  tagImage(image: string, reference: string): Promise<void>;
  /** The image as a tar archive, as `docker save` writes it. */
  saveImage(reference: string, signal: AbortSignal): Promise<Readable>;
  /** Loads the images of such an archive under their own names. `IMAGE_LOAD_FAILED` if it is damaged. */
  loadImage(tar: Readable, signal: AbortSignal): Promise<void>;

  inspectNetwork(name: string): Promise<NetworkDetails | undefined>;
  /** Networks that have all these labels. */
  listNetworks(labels: Readonly<Record<string, string>>): Promise<FoundNetwork[]>;
  /** Keeps an existing network as it is. */
  createNetwork(network: NetworkSpec): Promise<void>;
  removeNetwork(name: string): Promise<void>;

  /** Keeps an existing volume as it is. */
  createVolume(volume: VolumeSpec): Promise<void>;
  /** Ignores a missing volume. */
  removeVolume(name: string): Promise<void>;
  /** Volumes that have all these labels. */
  listVolumes(
    labels: Readonly<Record<string, string>>,
  ): Promise<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }[]>;
  inspectVolume(name: string): Promise<{ readonly labels: Readonly<Record<string, string>> } | undefined>;

  close(): void;
}

/** Where an engine listens, and how it was chosen. */
export interface EngineEndpoint {
  /** `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`, `npipe://…` */
  readonly url: string;
  /** Such as `DOCKER_HOST` or `context "desktop-linux"`. */
  readonly chosenBy: string;
  /** True if bind mounts use this machine's own directories (a local socket). */
  readonly local: boolean;
}

export interface EngineInfo {
  /** Host name of its machine. */
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly selinux: boolean;
  /** Whether it can limit and measure what containers use. A rootless engine without cgroups cannot. */
  readonly cgroups: boolean;
  /** Whether it can mount a subdirectory of a volume (Docker 26). */
  readonly volumeSubpaths: boolean;
  /** It runs in a network namespace of its own. */
  readonly rootless: boolean;
  /** `default-address-pools` of its configuration. Absent: the engine uses its own. */
  readonly addressPools?: readonly SubnetPool[];
}

/** A subnet that an engine divides into the subnets of networks. */
export interface SubnetPool {
  /** Such as `172.20.0.0/14`. */
  readonly base: string;
  /** Length of the prefix of each network's subnet. */
  readonly size: number;
}

export interface EngineEvent {
  readonly containerId: string;
  readonly kind: 'healthy' | 'unhealthy' | 'died' | 'oom';
  /** Exit status after `die`. If the engine restarts a container at once, only the event tells it. */
  readonly exitCode?: number;
}
