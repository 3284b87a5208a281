import type { BuildConfig } from './build-config.ts';
import type { Extensible, FileReference, Ulimit } from './config-parts.ts';
import type { DeployConfig, DeviceRequest } from './deploy-config.ts';
import type { ServiceVolume } from './service-volume.ts';

/**
 * One service in the canonical form; see {@link ComposeConfig}. Keys that the file does not set are absent, except
 * command and entrypoint.
 */
export interface ServiceConfig extends Extensible {
  annotations?: Record<string, string>;
  attach?: boolean;
  blkio_config?: BlkioConfig;
  build?: BuildConfig;
  cap_add?: string[];
  cap_drop?: string[];
  cgroup?: string;
  cgroup_parent?: string;
  /** null: not set, so the image's command applies. An empty list does not clear it. */
  command: string[] | null;
  configs?: FileReference[];
  container_name?: string;
  cpu_count?: number;
  cpu_percent?: number;
  cpu_period?: number;
  cpu_quota?: number;
  cpu_rt_period?: number;
  cpu_rt_runtime?: number;
  cpu_shares?: number;
  cpus?: number;
  cpuset?: string;
  credential_spec?: { config?: string; file?: string; registry?: string };
  depends_on?: Record<string, Dependency>;
  deploy?: DeployConfig;
  develop?: DevelopConfig;
  device_cgroup_rules?: string[];
  devices?: DeviceMapping[];
  dns?: string[];
  dns_opt?: string[];
  dns_search?: string[];
  domainname?: string;
  /** null: not set, so the image's entrypoint applies. An empty list clears it. */
  entrypoint: string[] | null;
  /**
   * The environment including env files. null: a name without a value that lobbie's environment does not have; it
   * removes the variable.
   */
  environment?: Record<string, string | null>;
  /** Ports or ranges, with an optional protocol. */
  expose?: string[];
  /** The service to extend, if that one is empty. */
  extends?: { file?: string; service?: string };
  external_links?: string[];
  /** `host=address` each. */
  extra_hosts?: string[];
  gpus?: DeviceRequest[];
  group_add?: string[];
  healthcheck?: HealthcheckConfig;
  hostname?: string;
  image?: string;
  init?: boolean;
  ipc?: string;
  isolation?: string;
  labels?: Record<string, string>;
  links?: string[];
  logging?: LoggingConfig;
  mac_address?: string;
  /** Bytes. */
  mem_limit?: string;
  /** Bytes. */
  mem_reservation?: string;
  /** A percentage, 0 to 100. */
  mem_swappiness?: string;
  /** Bytes; -1 means unlimited. */
  memswap_limit?: string;
  models?: Record<string, unknown>;
  network_mode?: string;
  /** null if the file has only the network's name. */
  networks?: Record<string, ServiceNetwork | null>;
  oom_kill_disable?: boolean;
  oom_score_adj?: number;
  pid?: string;
  pids_limit?: number;
  platform?: string;
  ports?: PortConfig[];
  post_start?: ServiceHook[];
  pre_stop?: ServiceHook[];
  privileged?: boolean;
  profiles?: string[];
  provider?: object;
  pull_policy?: string;
  read_only?: boolean;
  restart?: string;
  runtime?: string;
  scale?: number;
  secrets?: FileReference[];
  security_opt?: string[];
  /** Bytes. */
  shm_size?: string;
  stdin_open?: boolean;
  stop_grace_period?: string;
  stop_signal?: string;
  storage_opt?: Record<string, string>;
  sysctls?: Record<string, string>;
  tmpfs?: string[];
  tty?: boolean;
  ulimits?: Record<string, Ulimit>;
  use_api_socket?: boolean;
  user?: string;
  userns_mode?: string;
  uts?: string;
  volumes?: ServiceVolume[];
  volumes_from?: string[];
  working_dir?: string;
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
