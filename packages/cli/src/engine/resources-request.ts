import type { BlkioConfig, ContainerSettings } from '../model/container-settings.ts';
import { defined } from '../model/defined.ts';

const NANO = 1_000_000_000;

/** Limits of memory, CPU, processes and block devices, for `HostConfig`. */
export function resourcesRequest(settings: ContainerSettings): object {
  const { cpus, cpuPercent, blkio } = settings;
  return defined({
    CgroupParent: settings.cgroupParent,
    PidsLimit: settings.pidsLimit,
    OomKillDisable: settings.oomKillDisable,
    Memory: settings.memoryBytes,
    MemoryReservation: settings.memoryReservationBytes,
    MemorySwap: settings.memorySwapBytes,
    MemorySwappiness: settings.memorySwappiness,
    NanoCpus: cpus === undefined ? undefined : Math.round(cpus * NANO),
    CpuShares: settings.cpuShares,
    CpusetCpus: settings.cpuset,
    CpuQuota: settings.cpuQuota,
    CpuPeriod: settings.cpuPeriod,
    CpuRealtimePeriod: settings.cpuRtPeriod,
    CpuRealtimeRuntime: settings.cpuRtRuntime,
    CpuCount: settings.cpuCount,
    // In hundredths of a percent, as Docker Compose passes it.
    CpuPercent: cpuPercent === undefined ? undefined : Math.round(cpuPercent * 100),
    ...(blkio && blkioRequest(blkio)),
  });
}

const blkioRequest = (blkio: BlkioConfig): Record<string, unknown> => ({
  BlkioWeight: blkio.weight,
  BlkioWeightDevice: blkio.weightDevice?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
  BlkioDeviceReadBps: throttles(blkio.deviceReadBps),
  BlkioDeviceWriteBps: throttles(blkio.deviceWriteBps),
  BlkioDeviceReadIOps: throttles(blkio.deviceReadIops),
  BlkioDeviceWriteIOps: throttles(blkio.deviceWriteIops),
});

const throttles = (devices: BlkioConfig['deviceReadBps']): object[] | undefined =>
  devices?.map(({ path, rate }) => ({ Path: path, Rate: rate }));
