import type { Extensible, FileReference, Ulimit } from './config-parts.ts';

/** The `build` of a service in the canonical form. */
export interface BuildConfig extends Extensible {
  /** Absolute path, or a URL. */
  context?: string;
  dockerfile?: string;
  dockerfile_inline?: string;
  entitlements?: string[];
  /** Names without a value have the environment's value; names that it does not have are left out. */
  args?: Record<string, string | null>;
  provenance?: string;
  sbom?: string;
  ssh?: unknown[];
  labels?: Record<string, string>;
  cache_from?: string[];
  cache_to?: string[];
  no_cache?: boolean;
  additional_contexts?: Record<string, string>;
  pull?: boolean;
  /** `host=address` each. */
  extra_hosts?: string[];
  isolation?: string;
  network?: string;
  target?: string;
  secrets?: FileReference[];
  /** Bytes. */
  shm_size?: string;
  tags?: string[];
  ulimits?: Record<string, Ulimit>;
  platforms?: string[];
  privileged?: boolean;
}
