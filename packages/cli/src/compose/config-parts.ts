/** Keys that begin with `x-`. */
export interface Extensible {
  [extension: `x-${string}`]: unknown;
}

/** How a service uses a secret or config. */
export interface FileReference extends Extensible {
  source: string;
  /** An absolute path, or for a secret a path below /run/secrets. */
  target?: string;
  uid?: string;
  gid?: string;
  /** Octal with a leading 0, such as `0440`. */
  mode?: string;
}

/** One number is both limits. A limit of 0 is absent. */
export type Ulimit = number | { soft?: number; hard?: number };
