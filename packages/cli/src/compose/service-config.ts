import type { Extensible } from './config-parts.ts';
import type { Decoded } from './decode/decode.ts';
import type { serviceShape } from './decode/decode-service.ts';

/**
 * One service in the canonical form; see {@link ComposeConfig}. Keys that the file does not set are absent, except
 * command and entrypoint.
 */
export interface ServiceConfig extends Decoded<Omit<typeof serviceShape, 'command' | 'entrypoint'>>, Extensible {
  /** null: not set, so the image's command applies. An empty list does not clear it. */
  command: string[] | null;
  /** null: not set, so the image's entrypoint applies. An empty list clears it. */
  entrypoint: string[] | null;
}

export interface Dependency extends Extensible {
  condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  restart?: boolean;
  required: boolean;
}

export interface HealthcheckConfig extends Extensible {
  /** `['CMD', …]`, `['CMD-SHELL', line]` or `['NONE']`. */
  test?: string[];
  timeout?: string;
  interval?: string;
  retries?: number;
  start_period?: string;
  start_interval?: string;
  disable?: boolean;
}

export interface PortConfig extends Extensible {
  name?: string;
  mode?: string;
  host_ip?: string;
  target: number;
  /** A port, or a range from which any free port is used; absent: any free port. */
  published?: string;
  protocol?: string;
  app_protocol?: string;
}

export interface ServiceNetwork extends Extensible {
  aliases?: string[];
  driver_opts?: Record<string, string>;
  gw_priority?: number;
  interface_name?: string;
  ipv4_address?: string;
  ipv6_address?: string;
  link_local_ips?: string[];
  mac_address?: string;
  priority?: number;
}

export interface LoggingConfig extends Extensible {
  driver?: string;
  options?: Record<string, string>;
}

export interface DeviceMapping extends Extensible {
  source?: string;
  target?: string;
  permissions?: string;
}

export interface BlkioConfig extends Extensible {
  weight?: number;
  weight_device?: { Path: string; Weight: number }[];
  /** Rates are bytes or operations per second. */
  device_read_bps?: { Path: string; Rate: string }[];
  device_read_iops?: { Path: string; Rate: string }[];
  device_write_bps?: { Path: string; Rate: string }[];
  device_write_iops?: { Path: string; Rate: string }[];
}

export interface ServiceHook extends Extensible {
  command: string[] | null;
  user?: string;
  privileged?: boolean;
  working_dir?: string;
  environment?: Record<string, string | null>;
}

export interface DevelopConfig extends Extensible {
  watch?: WatchTrigger[];
}

export interface WatchTrigger extends Extensible {
  path: string;
  action: string;
  target?: string;
  exec: ServiceHook;
  include?: string[];
  ignore?: string[];
  initial_sync?: boolean;
}
