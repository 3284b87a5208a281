export interface Build {
  /** Absolute path of the context on this machine. */
  readonly context: string;
  /** Path of the Dockerfile, relative to the context. */
  readonly dockerfile: string;
  /** The Dockerfile's text if the Compose file contains it; `dockerfile` is not read then. */
  readonly dockerfileInline?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** `host`, `none` or a network on the engine, for the build's own containers. */
  readonly network?: string;
  /** `name:address` */
  readonly extraHosts?: readonly string[];
  readonly shmSizeBytes?: number;
  readonly noCache?: boolean;
  /** Pull newer base images. */
  readonly pull?: boolean;
  /** Additional names for the result. */
  readonly tags?: readonly string[];
}
