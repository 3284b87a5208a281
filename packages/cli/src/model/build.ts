export interface Build {
  /** Absolute path of the context on this machine. */
  readonly context: string;
  /** Path of the Dockerfile, relative to the context. */
  readonly dockerfile: string;
  /** The Dockerfile's text where the Compose file holds it; `dockerfile` is not read then. */
  readonly dockerfileInline?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** `host`, `none` or a network of the engine, for the build's own containers. */
  readonly network?: string;
  /** `name:address` */
  readonly extraHosts?: readonly string[];
  readonly shmSizeBytes?: number;
  readonly noCache?: boolean;
  /** Look for newer base images. */
  readonly pull?: boolean;
  /** Further names for the result. */
  readonly tags?: readonly string[];
}
