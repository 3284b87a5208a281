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
import type { NetworkDetails, NetworkSpec, VolumeSpec } from './engine-spec.ts';
import type { ImageBuild, ImageDetails, ImageProgress } from './image.ts';
import type { RestartPolicy } from './service.ts';

export interface RemoveOptions {
  /** Also where it runs. */
  readonly force?: boolean;
  /** Its anonymous volumes stay. */
  readonly keepVolumes?: boolean;
}

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
  /**
   * Gives the id. `NAME_TAKEN` when the name belongs to another container.
   *
   * @param warn is given what the engine says of settings that it does not apply, in its own words
   */
  createContainer(spec: ContainerSpec, warn?: (words: string) => void): Promise<string>;
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
  /** Removes with anonymous volumes, unless they are to be kept; a missing container is fine. */
  removeContainer(container: string, options?: RemoveOptions): Promise<void>;

  /** Runs to the end. Output is stdout and stderr as they came, cut to the last 64 KiB unless told otherwise. */
  exec(container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /**
   * Runs with stdin and stdout as one stream; ends when either side ends. Where the program cannot be run, the stream
   * fails with the engine's words.
   *
   * @param heard is given what comes on stderr, which is dropped otherwise
   */
  openExec(container: string, argv: readonly string[], heard?: (stderr: Buffer) => void): Promise<Duplex>;
  /** Attaches to stdin of a created or running container; the stream closes when the container ends. */
  attach(container: string): Promise<Duplex>;

  /**
   * Files and directories below a path in a container, running or not; empty when the path is missing. Links are not
   * followed. Content beyond the limits is skipped and never held in memory.
   */
  readFiles(container: string, path: string, limits: ReadLimits): AsyncIterable<FileEntry>;
  /** Owner and mode of one path, and where a symbolic link points; undefined when missing. */
  statFile(container: string, path: string): Promise<FileStat | undefined>;
  /** Puts entries below an existing directory of a container, running or not. `DISK_FULL` when there is no room. */
  writeFiles(container: string, directory: string, entries: readonly NewFile[]): Promise<void>;

  /** Log lines, oldest first; with `follow` until the container ends or the signal aborts. */
  logs(container: string, options: LogOptions): AsyncIterable<LogEntry>;
  /**
   * Memory in use now (bytes) and CPU over a tenth of a second (1 = one core), as far as they are known; undefined when
   * neither is, as when it does not run.
   */
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
  /** Gives an image another name; an image that has the name loses it. */
  tagImage(image: string, reference: string): Promise<void>;
  /** The image as the tar archive that `docker save` writes. */
  saveImage(reference: string, signal: AbortSignal): Promise<Readable>;
  /** Loads the images of such an archive under the names that it gives them. `IMAGE_LOAD_FAILED` where it is damaged. */
  loadImage(tar: Readable, signal: AbortSignal): Promise<void>;

  inspectNetwork(name: string): Promise<NetworkDetails | undefined>;
  /** Networks that carry all these labels. */
  listNetworks(
    labels: Readonly<Record<string, string>>,
  ): Promise<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }[]>;
  /** One that is there is kept as it is. */
  createNetwork(network: NetworkSpec): Promise<void>;
  removeNetwork(name: string): Promise<void>;

  /** Existing volumes are kept as they are. */
  createVolume(volume: VolumeSpec): Promise<void>;
  /** A missing volume is fine. */
  removeVolume(name: string): Promise<void>;
  /** Volumes that carry all these labels. */
  listVolumes(
    labels: Readonly<Record<string, string>>,
  ): Promise<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }[]>;
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
  /** Host name of its machine. */
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** `linux/amd64` */
  readonly platform: string;
  readonly selinux: boolean;
  /** Whether it can limit and measure what containers use: a rootless engine without cgroups cannot. */
  readonly cgroups: boolean;
  /** Whether a part of a volume can be mounted (Docker 26). */
  readonly volumeSubpaths: boolean;
}

export interface EngineEvent {
  readonly containerId: string;
  readonly kind: 'healthy' | 'unhealthy' | 'died' | 'oom';
  /** Of one that died: a container that the engine starts again at once says it nowhere else. */
  readonly exitCode?: number;
}
