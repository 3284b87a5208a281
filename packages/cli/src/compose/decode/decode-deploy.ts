import type {
  DeployConfig,
  DeviceRequest,
  PlacementConfig,
  ResourceConfig,
  RestartPolicyConfig,
  UpdateConfig,
} from '../deploy-config.ts';
import { goFormat } from '../go-format.ts';
import { newMap } from '../tree.ts';
import {
  bad,
  count,
  type Decode,
  duration,
  float32,
  listOf,
  mapping,
  number,
  object,
  positiveDuration,
  size,
  text,
  texts,
} from './decode.ts';

const deviceCount: Decode<number> = (value, place) => {
  if (typeof value === 'string' && value.toLowerCase() === 'all') return -1;
  const given = count(value, place);
  if (given === undefined && value !== undefined && value !== null)
    return bad(place, `expected a number or "all", got "${goFormat(value)}"`);
  return given || undefined;
};

/** Requests for devices such as GPUs. */
export const devices: Decode<DeviceRequest[]> = listOf(
  object<DeviceRequest>({
    capabilities: texts,
    driver: text,
    count: deviceCount,
    device_ids: texts,
    options: mapping,
  }),
);

const resources = object<ResourceConfig>({
  cpus: float32,
  memory: size,
  pids: number,
  devices,
  generic_resources: listOf(
    object<NonNullable<ResourceConfig['generic_resources']>[number]>({
      discrete_resource_spec: object<{ kind: string; value: number }>({
        kind: (value, place) => text(value, place) ?? '',
        value: (value, place) => count(value, place) ?? 0,
      }),
    }),
  ),
});

const update = object<UpdateConfig>({
  parallelism: count,
  delay: positiveDuration,
  failure_action: text,
  monitor: positiveDuration,
  max_failure_ratio: float32,
  order: text,
});

const limits = object<DeployConfig['resources']>({ limits: resources, reservations: resources });

const placement = object<PlacementConfig>({
  constraints: texts,
  preferences: listOf(object<{ spread?: string }>({ spread: text })),
  max_replicas_per_node: number,
});

/** The deploy section of a service. Resources and placement are always present. */
export const deploy: Decode<DeployConfig> = object<DeployConfig>({
  mode: text,
  replicas: count,
  labels: mapping,
  update_config: update,
  rollback_config: update,
  resources: (value, place) => limits(value ?? newMap(), place),
  restart_policy: object<RestartPolicyConfig>({
    condition: text,
    delay: duration,
    max_attempts: count,
    window: duration,
  }),
  placement: (value, place) => placement(value ?? newMap(), place),
  endpoint_mode: text,
});
