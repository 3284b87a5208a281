import type { ContainerSettings } from '../../model/container-settings.ts';
import { defined } from '../../model/defined.ts';
import type { DeviceRequest } from '../deploy-config.ts';
import type { DeviceMapping, ServiceConfig } from '../service-config.ts';
import { hostEntry } from './build.ts';
import type { Reading } from './reading.ts';
import { blkioOf, resourcesOf } from './resources.ts';
import { securityOptions } from './security.ts';

/** The settings of a service's containers for the engine. Settings that are not in the file are left to the engine. */
export async function settingsOf(reading: Reading, path: string, service: ServiceConfig): Promise<ContainerSettings> {
  const { logging } = service;
  return {
    ...defined({
      hostname: service.hostname,
      domainname: service.domainname,
      dns: service.dns,
      dnsSearch: service.dns_search,
      dnsOptions: service.dns_opt,
      extraHosts: service.extra_hosts?.map(hostEntry),
      tty: service.tty,
      stdinOpen: service.stdin_open,
      init: service.init,
      readOnly: service.read_only,
      privileged: service.privileged,
      capAdd: service.cap_add,
      capDrop: service.cap_drop,
      securityOpt: await securityOptions(reading, path, service),
      groupAdd: service.group_add,
      devices: service.devices?.map(deviceOf),
      deviceCgroupRules: service.device_cgroup_rules,
      deviceRequests: service.deploy?.resources?.reservations?.devices?.map(deviceRequestOf),
      sysctls: service.sysctls,
      ulimits: ulimitsOf(service),
      logging:
        logging === undefined ? undefined : { options: logging.options ?? {}, ...defined({ driver: logging.driver }) },
      runtime: service.runtime,
      ipc: service.ipc,
      pid: service.pid,
      uts: service.uts,
      userns: service.userns_mode,
      cgroup: service.cgroup,
      cgroupParent: service.cgroup_parent,
      isolation: service.isolation,
      storageOpt: service.storage_opt,
      annotations: service.annotations,
      blkio: blkioOf(service),
    }),
    ...resourcesOf(service),
  };
}

const deviceOf = ({ source = '', target = source, permissions = 'rwm' }: DeviceMapping) => ({
  host: source,
  container: target,
  permissions,
});

const deviceRequestOf = ({ capabilities = [], driver, count, device_ids, options }: DeviceRequest) => ({
  capabilities,
  // As in Docker Compose, a request without a count and ids means all devices.
  ...defined({ driver, count: count ?? (device_ids === undefined ? -1 : undefined), deviceIds: device_ids, options }),
});

const ulimitsOf = ({ ulimits }: ServiceConfig): ContainerSettings['ulimits'] | undefined =>
  ulimits &&
  Object.entries(ulimits).map(([name, limit]) => {
    if (typeof limit === 'number') return { name, soft: limit, hard: limit };
    return { name, soft: limit.soft ?? 0, hard: limit.hard ?? 0 };
  });
