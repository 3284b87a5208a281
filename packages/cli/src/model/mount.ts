export type Mount = BindMount | VolumeMount | TmpfsMount;

/** Whether a path is inside a directory; false for the directory itself. */
export const isBelow = (path: string, directory: string): boolean =>
  path !== directory && path.startsWith(directory === '/' ? '/' : `${directory}/`);

/** The innermost mount that contains a path. */
export const mountAt = <T extends { readonly target: string }>(mounts: readonly T[], path: string): T | undefined =>
  mounts
    .filter(({ target }) => path === target || isBelow(path, target))
    .toSorted((a, b) => b.target.length - a.target.length)[0];

/** Whether a volume has a name that the engine made up for an anonymous volume: 64 hex digits. */
export const isAnonymous = (volume: string): boolean => /^[0-9a-f]{64}$/.test(volume);

export interface BindMount {
  readonly kind: 'bind';
  /** Absolute path on the engine's machine. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Fails if the source is missing, instead of creating it. */
  readonly mustExist?: boolean;
  /** `rprivate`, `rshared`, … */
  readonly propagation?: string;
  readonly selinux?: 'z' | 'Z';
}

export interface VolumeMount {
  readonly kind: 'volume';
  /** Name on the engine. Absent: an anonymous volume, passed on from each container to its successor. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Does not copy the image's files into an empty volume. */
  readonly noCopy?: boolean;
  readonly subpath?: string;
  /** Labels for the anonymous volume that the engine creates. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface TmpfsMount {
  readonly kind: 'tmpfs';
  readonly target: string;
  readonly sizeBytes?: number;
  /** Permission bits. */
  readonly mode?: number;
  /** Mount options as the engine takes them: `rw,noexec,size=64m`. */
  readonly options?: string;
}

/**
 * Whether the name of a path is that of a configuration file. Programs read such files and do not write them like data.
 * JSON is not included, because some programs store their data in it.
 */
export const isConfigFile = (path: string): boolean =>
  /\.(?:conf|cfg|cnf|ini|ya?ml|toml|env|properties|xml|hcl|template|tmpl|crt|cert|pem|key)$/i.test(path) ||
  /\/[A-Z]\w*file$/.test(path) ||
  path === '/etc/localtime' ||
  path === '/etc/timezone';
