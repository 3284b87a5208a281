import type { Extensible } from './config-parts.ts';
import type { ServiceConfig } from './service-config.ts';

/**
 * A resolved project in the canonical form: the same keys as `docker compose config --format json` (Docker Compose
 * 2.40),
 * and the extensions (`x-…`) that only its YAML shows. Durations are text such as `1m30s`, sizes are text in bytes,
 * paths are absolute.
 */
export interface ComposeConfig extends Extensible {
  name: string;
  /** The active services by name. */
  services: Record<string, ServiceConfig>;
  /** Only the networks that an active service uses, including `default`. */
  networks?: Record<string, NetworkConfig>;
  volumes?: Record<string, VolumeConfig>;
  secrets?: Record<string, FileObjectConfig>;
  configs?: Record<string, FileObjectConfig>;
  /** Shown only in YAML. */
  models?: Record<string, ModelConfig>;
}

export interface NetworkConfig extends Extensible {
  /** Name on the engine. */
  name: string;
  driver?: string;
  driver_opts?: Record<string, string>;
  ipam: IpamConfig;
  external?: boolean;
  internal?: boolean;
  attachable?: boolean;
  labels?: Record<string, string>;
  enable_ipv4?: boolean;
  enable_ipv6?: boolean;
}

export interface IpamConfig extends Extensible {
  driver?: string;
  config?: IpamPool[];
}

export interface IpamPool extends Extensible {
  subnet?: string;
  gateway?: string;
  ip_range?: string;
  aux_addresses?: Record<string, string>;
}

export interface VolumeConfig extends Extensible {
  /** Name on the engine. */
  name: string;
  driver?: string;
  driver_opts?: Record<string, string>;
  external?: boolean;
  labels?: Record<string, string>;
}

export interface ModelConfig extends Extensible {
  name?: string;
  model?: string;
  /** Tokens. */
  context_size?: number;
  runtime_flags?: string[];
}

/**
 * A secret or a config at the top of the file. Its source is exactly one of file, environment, content (configs only)
 * and external.
 */
export interface FileObjectConfig extends Extensible {
  /** Name on the engine. */
  name: string;
  /** Absolute path. */
  file?: string;
  /** Name of an environment variable. Its value is never part of the config. */
  environment?: string;
  content?: string;
  external?: boolean;
  labels?: Record<string, string>;
  driver?: string;
  driver_opts?: Record<string, string>;
  template_driver?: string;
}
