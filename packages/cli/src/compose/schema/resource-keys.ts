import { ulimits } from './build.ts';
import { anything, flag, listOf, mapWith, number, size, text, wholeNumber } from './forms.ts';
import { key, refusedKey } from './key-doc.ts';

const rates = (what: string) =>
  listOf(mapWith({ path: key(text(), 'The device.'), rate: key(size(), what) }), 'a list of maps with path and rate');

const blkio = () =>
  mapWith({
    weight: key(wholeNumber(), 'Share, 10 to 1000.'),
    weight_device: key(
      listOf(
        mapWith({ path: key(text(), 'The device.'), weight: key(wholeNumber(), 'Share, 10 to 1000.') }),
        'a list of maps with path and weight',
      ),
      'Share by device.',
    ),
    device_read_bps: key(rates('Bytes per second.'), 'Limit of bytes read.'),
    device_write_bps: key(rates('Bytes per second.'), 'Limit of bytes written.'),
    device_read_iops: key(rates('Operations per second.'), 'Limit of reads.'),
    device_write_iops: key(rates('Operations per second.'), 'Limit of writes.'),
  });

/** The resources of the machine that a container may use. */
export const resourceKeys = {
  mem_limit: key(size(), 'Limit of memory. The same as `deploy.resources.limits.memory`.'),
  mem_reservation: key(size(), 'Reserved memory. The same as `deploy.resources.reservations.memory`.'),
  memswap_limit: key(size('a size such as "1g", or -1'), 'Limit of memory and swap together. -1 means unlimited.'),
  mem_swappiness: key(size('a percentage'), 'How readily memory is swapped, 0 to 100.'),
  cpus: key(number(), 'Limit of CPUs. The same as `deploy.resources.limits.cpus`.'),
  cpu_shares: key(number(), 'Relative share of CPU time when CPUs are busy.'),
  cpu_quota: key(number(), 'Microseconds of CPU in each period.'),
  cpu_period: key(number(), 'Length of the period in microseconds.'),
  cpu_rt_runtime: key(number(), 'Microseconds of real-time CPU in each period.'),
  cpu_rt_period: key(number(), 'Length of the period in microseconds.'),
  cpu_count: key(wholeNumber('a whole number from 0', 0), 'CPUs of a Windows container.'),
  cpu_percent: key(number(), 'Percentage of CPUs for a Windows container.'),
  cpuset: key(text(), 'Which CPUs: `"0,1"` or `"0-3"`.'),
  pids_limit: key(number(), 'Limit of processes. The same as `deploy.resources.limits.pids`. -1 means unlimited.'),
  ulimits: key(ulimits(), 'Limits for processes, such as `nofile`.'),
  oom_kill_disable: key(flag(), 'Do not kill the container when memory runs out.'),
  oom_score_adj: key(
    wholeNumber('a whole number from -1000 to 1000', -1000, 1000),
    'How likely the container is killed when memory runs out.',
  ),
  blkio_config: key(blkio(), 'Shares and limits for disks.'),
  gpus: refusedKey(anything(), 'GPUs.', 'Use `deploy.resources.reservations.devices`.'),
};
