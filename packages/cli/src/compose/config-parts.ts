/** Whatever a file says under keys that begin with `x-`. */
export interface Extensible {
  [extension: `x-${string}`]: unknown;
}

/** Use of a secret or config by a service. */
export interface FileReference extends Extensible {
  source: string;
  /** Absolute, or below /run/secrets for a secret. */
  target?: string;
  uid?: string;
  gid?: string;
  /** Octal with a leading 0, such as `0440`. */
  mode?: string;
}

/** One number stands for both. A limit of 0 is absent. */
export type Ulimit = number | { soft?: number; hard?: number };
