export type Mount = BindMount | VolumeMount | TmpfsMount;

/** Whether a path lies below a directory, and is not the directory itself. */
export const isBelow = (path: string, directory: string): boolean =>
  path !== directory && path.startsWith(directory === '/' ? '/' : `${directory}/`);

/** The mount that a path lies in: the innermost one. */
export const mountAt = <T extends { readonly target: string }>(mounts: readonly T[], path: string): T | undefined =>
  mounts
    .filter(({ target }) => path === target || isBelow(path, target))
    .toSorted((a, b) => b.target.length - a.target.length)[0];

/** Whether a volume has the name that the engine gives to one without a name: 64 hex digits. */
export const isAnonymous = (volume: string): boolean => /^[0-9a-f]{64}$/.test(volume);

export interface BindMount {
  readonly kind: 'bind';
  /** Absolute path on the engine's machine. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** A missing source is an error and not made. */
  readonly mustExist?: boolean;
  /** `rprivate`, `rshared`, … */
  readonly propagation?: string;
  readonly selinux?: 'z' | 'Z';
}

export interface VolumeMount {
  readonly kind: 'volume';
  /** Name on the engine; absent: an anonymous one, handed on from a container to its successor. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** What the image has there is not copied into an empty volume. */
  readonly noCopy?: boolean;
  readonly subpath?: string;
  /** Of the anonymous volume that the engine makes. */
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
 * Whether a path is that of one configuration file, by its name: those are read, and not written like data. JSON is left
 * out, for some programs keep their data in it.
 */
export const isConfigFile = (path: string): boolean =>
  /\.(?:conf|cfg|cnf|ini|ya?ml|toml|env|properties|xml|hcl|template|tmpl|crt|cert|pem|key)$/i.test(path) ||
  /\/[A-Z]\w*file$/.test(path) ||
  path === '/etc/localtime' ||
  path === '/etc/timezone';
