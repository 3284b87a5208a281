import type {
  Dependency,
  DevelopConfig,
  DeviceMapping,
  HealthcheckConfig,
  LoggingConfig,
  PortConfig,
  ServiceConfig,
  ServiceHook,
  ServiceNetwork,
  WatchTrigger,
} from '../service-config.ts';
import { isList, isMap, newMap } from '../tree.ts';
import {
  choice,
  command,
  count,
  type Decode,
  duration,
  environment,
  flag,
  float32,
  listOf,
  mapOf,
  mapping,
  number,
  object,
  plain,
  size,
  text,
  texts,
  toRecord,
} from './decode.ts';
import { blkio } from './decode-blkio.ts';
import { build, fileReferences, ulimits } from './decode-build.ts';
import { deploy, devices } from './decode-deploy.ts';
import { extraHosts } from './decode-hosts.ts';
import { volumes } from './decode-volumes.ts';

/** The command or entrypoint of a service; null if not set. The type leaves out null, as in a shape. */
const orNull: Decode<string[]> = (value, place) => command(value, place) ?? (null as unknown as undefined);

const hook = object<ServiceHook>({ command: orNull, user: text, privileged: flag, working_dir: text, environment });

const hooks = listOf(hook);

const triggers = listOf(
  object<WatchTrigger>({
    path: text,
    action: text,
    target: text,
    exec: (value, place) => hook(value ?? newMap(), place),
    include: texts,
    ignore: texts,
    initial_sync: flag,
  }),
);

const ports = listOf(
  object<PortConfig>({
    name: text,
    mode: text,
    host_ip: text,
    target: number,
    published: text,
    protocol: text,
    app_protocol: text,
  }),
);

/** A network without settings stays null. */
const networks: Decode<Record<string, ServiceNetwork | null>> = (value, place) => {
  if (!isMap(value)) return undefined;
  const entries = Object.keys(value).map(
    (key) => [key, network(value[key], { ...place, path: [...place.path, key] }) ?? null] as const,
  );
  return entries.length === 0 ? undefined : toRecord(entries);
};

const network = object<ServiceNetwork>({
  aliases: texts,
  driver_opts: mapping,
  gw_priority: number,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  priority: number,
});

const healthcheck = object<HealthcheckConfig>({
  test: (value) =>
    typeof value === 'string' ? ['CMD-SHELL', value] : texts(value, { path: [], report: () => undefined }),
  timeout: duration,
  interval: duration,
  retries: count,
  start_period: duration,
  start_interval: duration,
  disable: flag,
});

const dependencies = mapOf(
  object<Dependency>({
    // Checked by the schema.
    condition: text as Decode<Dependency['condition']>,
    restart: flag,
    required: (value) => value === true || value === 'true',
  }),
);

/** Each option of a provider becomes a list. */
const provider: Decode<object> = object<{ type?: string; options?: Record<string, string[]> }>({
  type: text,
  options: mapOf(texts),
});

const anythings: Decode<Record<string, unknown>> = (value) =>
  isMap(value) ? toRecord(Object.entries(value).map(([key, entry]) => [key, plain(entry)] as const)) : undefined;

/** Leaves out empty items. */
const dns: Decode<string[]> = (value, place) =>
  texts(isList(value) ? value.filter((item) => item !== '' && item !== null) : value, place);

/** The keys of a service, in the order of Docker Compose's output. The type of a service follows from it. */
export const serviceShape = {
  profiles: texts,
  annotations: mapping,
  attach: choice,
  build,
  develop: object<DevelopConfig>({ watch: triggers }),
  blkio_config: blkio,
  cap_add: texts,
  cap_drop: texts,
  cgroup_parent: text,
  cgroup: text,
  cpu_count: number,
  cpu_percent: float32,
  cpu_period: number,
  cpu_quota: number,
  cpu_rt_period: number,
  cpu_rt_runtime: number,
  cpus: float32,
  cpuset: text,
  cpu_shares: number,
  command: orNull,
  configs: fileReferences,
  container_name: text,
  credential_spec: object<{ config?: string; file?: string; registry?: string }>({
    config: text,
    file: text,
    registry: text,
  }),
  depends_on: dependencies,
  deploy,
  device_cgroup_rules: texts,
  devices: listOf(object<DeviceMapping>({ source: text, target: text, permissions: text })),
  dns,
  dns_opt: texts,
  dns_search: texts,
  domainname: text,
  entrypoint: orNull,
  provider,
  /**
   * The environment including env files. null: a name without a value that lobbie's environment does not have; it
   * removes the variable.
   */
  environment,
  /** Ports or ranges, with an optional protocol. */
  expose: texts,
  /** The service to extend, if that one is empty. */
  extends: object<{ file?: string; service?: string }>({ file: text, service: text }),
  external_links: texts,
  /** `host=address` each. */
  extra_hosts: extraHosts,
  group_add: texts,
  gpus: devices,
  hostname: text,
  healthcheck,
  image: text,
  init: choice,
  ipc: text,
  isolation: text,
  labels: mapping,
  links: texts,
  logging: object<LoggingConfig>({ driver: text, options: mapping }),
  /** Bytes. */
  mem_limit: size,
  /** Bytes. */
  mem_reservation: size,
  /** Bytes; -1 means unlimited. */
  memswap_limit: size,
  /** A percentage, 0 to 100. */
  mem_swappiness: size,
  mac_address: text,
  models: anythings,
  network_mode: text,
  /** null if the file has only the network's name. */
  networks,
  oom_kill_disable: flag,
  oom_score_adj: number,
  pid: text,
  pids_limit: number,
  platform: text,
  ports,
  privileged: flag,
  pull_policy: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: count,
  secrets: fileReferences,
  security_opt: texts,
  /** Bytes. */
  shm_size: size,
  stdin_open: flag,
  stop_grace_period: duration,
  stop_signal: text,
  storage_opt: mapping,
  sysctls: mapping,
  tmpfs: texts,
  tty: flag,
  ulimits,
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes,
  volumes_from: texts,
  working_dir: text,
  post_start: hooks,
  pre_stop: hooks,
};

/** Converts a service of the canonical tree to its config. */
export const decodeService: Decode<ServiceConfig> = object<ServiceConfig>(serviceShape);

/** Sorts the keys of a service in the order of {@link serviceShape}, after values were added to it. */
export function inOrder(service: ServiceConfig): ServiceConfig {
  const known = Object.keys(serviceShape).filter((key) => key in service);
  const extensions = Object.keys(service).filter((key) => !(key in serviceShape));
  // The same keys and values.
  return Object.fromEntries(
    [...known, ...extensions].map((key) => [key, Reflect.get(service, key)]),
  ) as unknown as ServiceConfig;
}
