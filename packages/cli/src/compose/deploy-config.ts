import type { Extensible } from './config-parts.ts';

/** The `deploy` of a service in the canonical form. Resources and placement are always present, but may be empty. */
export interface DeployConfig extends Extensible {
  mode?: string;
  replicas?: number;
  labels?: Record<string, string>;
  update_config?: UpdateConfig;
  rollback_config?: UpdateConfig;
  resources: { limits?: ResourceConfig; reservations?: ResourceConfig } & Extensible;
  restart_policy?: RestartPolicyConfig;
  placement: PlacementConfig;
  endpoint_mode?: string;
}

export interface UpdateConfig extends Extensible {
  parallelism?: number;
  delay?: string;
  failure_action?: string;
  monitor?: string;
  max_failure_ratio?: number;
  order?: string;
}

export interface ResourceConfig extends Extensible {
  cpus?: number;
  /** Bytes. */
  memory?: string;
  pids?: number;
  devices?: DeviceRequest[];
  generic_resources?: { discrete_resource_spec?: { kind: string; value: number } }[];
}

export interface DeviceRequest extends Extensible {
  capabilities?: string[];
  driver?: string;
  /** -1 means all. */
  count?: number;
  device_ids?: string[];
  options?: Record<string, string>;
}

export interface RestartPolicyConfig extends Extensible {
  condition?: string;
  delay?: string;
  max_attempts?: number;
  window?: string;
}

export interface PlacementConfig extends Extensible {
  constraints?: string[];
  preferences?: { spread?: string }[];
  max_replicas_per_node?: number;
}
