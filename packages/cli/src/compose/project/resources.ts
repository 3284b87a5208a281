import type { BlkioConfig, ContainerSettings } from '../../model/container-settings.ts';
import { defined } from '../../model/defined.ts';
import type { ServiceConfig } from '../service-config.ts';

/** Memory, CPUs and processes. `deploy.resources` overrides the service's own keys. */
export function resourcesOf(service: ServiceConfig): ContainerSettings {
  const { limits, reservations } = service.deploy?.resources ?? {};
  return defined({
    memoryBytes: bytes(limits?.memory ?? service.mem_limit),
    memoryReservationBytes: bytes(reservations?.memory ?? service.mem_reservation),
    memorySwapBytes: bytes(service.memswap_limit),
    memorySwappiness: bytes(service.mem_swappiness),
    cpus: limits?.cpus === undefined ? service.cpus : Number(limits.cpus),
    cpuShares: service.cpu_shares,
    cpuset: service.cpuset,
    cpuQuota: service.cpu_quota,
    cpuPeriod: service.cpu_period,
    cpuRtPeriod: service.cpu_rt_period,
    cpuRtRuntime: service.cpu_rt_runtime,
    cpuCount: service.cpu_count,
    cpuPercent: service.cpu_percent,
    pidsLimit: limits?.pids ?? service.pids_limit,
    shmSizeBytes: bytes(service.shm_size),
    oomKillDisable: service.oom_kill_disable,
    oomScoreAdj: service.oom_score_adj,
  });
}

/** Sizes are text in the canonical form. */
const bytes = (size: string | undefined): number | undefined => (size === undefined ? undefined : Number(size));

/** Shares and limits for disks. */
export function blkioOf({ blkio_config: config }: ServiceConfig): BlkioConfig | undefined {
  if (config === undefined) return undefined;
  const rates = (devices?: readonly { readonly Path: string; readonly Rate: string }[]) =>
    devices?.map(({ Path, Rate }) => ({ path: Path, rate: Number(Rate) }));
  return defined({
    weight: config.weight,
    weightDevice: config.weight_device?.map(({ Path, Weight }) => ({ path: Path, weight: Weight })),
    deviceReadBps: rates(config.device_read_bps),
    deviceWriteBps: rates(config.device_write_bps),
    deviceReadIops: rates(config.device_read_iops),
    deviceWriteIops: rates(config.device_write_iops),
  });
}
