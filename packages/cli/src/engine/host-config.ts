import type { ContainerSpec } from '../model/container.ts';
import { defined } from '../model/defined.ts';
import type { RestartPolicy } from '../model/service.ts';
import { isOlder } from './api-version.ts';
import { SINCE } from './container-api.ts';
import { devicesRequest } from './devices-request.ts';
import { mountsRequest } from './mounts-request.ts';
import { portBindings } from './port-bindings.ts';
import { resourcesRequest } from './resources-request.ts';

/** The `HostConfig` of a container to create. */
export function hostConfig(spec: ContainerSpec, apiVersion: string): object {
  const unconfined = spec.securityOpt?.includes(UNCONFINED_PATHS) ?? false;
  return {
    ...mountsRequest(spec.mounts ?? []),
    NetworkMode: spec.networkMode ?? spec.networks[0]?.name ?? 'none',
    PortBindings: portBindings(spec.ports ?? []),
    RestartPolicy: restartRequest(spec.restart ?? { name: 'no' }),
    AutoRemove: spec.autoRemove ?? false,

    CapAdd: spec.capAdd ?? [],
    CapDrop: spec.capDrop ?? [],
    SecurityOpt: (spec.securityOpt ?? []).filter((option) => option !== UNCONFINED_PATHS),
    ...(unconfined && { MaskedPaths: [], ReadonlyPaths: [] }),
    ReadonlyRootfs: spec.readOnly ?? false,
    ...defined({
      Privileged: spec.privileged,
      GroupAdd: spec.groupAdd,
      Init: spec.init,
      Runtime: spec.runtime,
      Isolation: spec.isolation,
      StorageOpt: spec.storageOpt,
      Sysctls: spec.sysctls,
      ShmSize: spec.shmSizeBytes,
      OomScoreAdj: spec.oomScoreAdj,
      Annotations: isOlder(apiVersion, SINCE.annotations) ? undefined : spec.annotations,
      LogConfig: spec.logging && { Type: spec.logging.driver ?? '', Config: spec.logging.options },

      Dns: spec.dns,
      DnsSearch: spec.dnsSearch,
      DnsOptions: spec.dnsOptions,
      ExtraHosts: spec.extraHosts,

      IpcMode: spec.ipc,
      PidMode: spec.pid,
      UTSMode: spec.uts,
      UsernsMode: spec.userns,
      CgroupnsMode: spec.cgroup,

      ...devicesRequest(spec),
      DeviceCgroupRules: spec.deviceCgroupRules,
      Ulimits: spec.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    }),
    ...resourcesRequest(spec),
  };
}

/** The option in the docker CLI and Compose that stands for two fields of the API. */
const UNCONFINED_PATHS = 'systempaths=unconfined';

/** A restart policy for the engine. */
export const restartRequest = ({ name, maxRetries }: RestartPolicy): object => ({
  Name: name,
  MaximumRetryCount: name === 'on-failure' ? (maxRetries ?? 0) : 0,
});
