import type { Extensible } from './config-parts.ts';
import type { ServiceConfig } from './service-config.ts';

/**
 * A resolved project in the canonical form: what `docker compose config --format json` prints, key for key (Docker Compose 2.40),
 * and the extensions (`x-…`) that only its YAML shows. Durations are strings such as `1m30s`, sizes are strings of bytes, paths absolute.
 */
export interface ComposeConfig extends Extensible {
  name: string;
  /** The active services by name. */
  services: Record<string, ServiceConfig>;
  /** Only those that an active service uses, `default` among them. */
  networks?: Record<string, NetworkConfig>;
  volumes?: Record<string, VolumeConfig>;
  secrets?: Record<string, FileObjectConfig>;
  configs?: Record<string, FileObjectConfig>;
  /** Only YAML shows them. */
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

/** A secret or a config at the top of the file: exactly one of file, environment, content (configs only) and external says where it is from. */
export interface FileObjectConfig extends Extensible {
  /** Name on the engine. */
  name: string;
  /** Absolute path. */
  file?: string;
  /** Name of a variable; its value is never part of the config. */
  environment?: string;
  content?: string;
  external?: boolean;
  labels?: Record<string, string>;
  driver?: string;
  driver_opts?: Record<string, string>;
  template_driver?: string;
}
