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
    device_read_bps: key(rates('Bytes a second.'), 'Bytes read.'),
    device_write_bps: key(rates('Bytes a second.'), 'Bytes written.'),
    device_read_iops: key(rates('Operations a second.'), 'Reads.'),
    device_write_iops: key(rates('Operations a second.'), 'Writes.'),
  });

/** What a container may use of the machine. */
export const resourceKeys = {
  mem_limit: key(size(), 'Memory; the same as `deploy.resources.limits.memory`.'),
  mem_reservation: key(size(), 'Memory kept for it; the same as `deploy.resources.reservations.memory`.'),
  memswap_limit: key(size('a size such as "1g", or -1'), 'Memory and swap together; -1: no limit.'),
  mem_swappiness: key(size('a percentage'), 'How willingly memory is swapped, 0 to 100.'),
  cpus: key(number(), 'CPUs; the same as `deploy.resources.limits.cpus`.'),
  cpu_shares: key(number(), 'Share of the CPUs when they are scarce.'),
  cpu_quota: key(number(), 'Microseconds of CPU in each period.'),
  cpu_period: key(number(), 'Length of that period in microseconds.'),
  cpu_rt_runtime: key(number(), 'Microseconds of real-time CPU in each period.'),
  cpu_rt_period: key(number(), 'Length of that period in microseconds.'),
  cpu_count: key(wholeNumber('a whole number from 0', 0), 'CPUs of a Windows container.'),
  cpu_percent: key(number(), 'Part of the CPUs of a Windows container.'),
  cpuset: key(text(), 'Which CPUs: `"0,1"` or `"0-3"`.'),
  pids_limit: key(number(), 'Processes; the same as `deploy.resources.limits.pids`. -1: no limit.'),
  ulimits: key(ulimits(), 'Limits of processes, such as `nofile`.'),
  oom_kill_disable: key(flag(), 'Do not kill it when memory runs out.'),
  oom_score_adj: key(
    wholeNumber('a whole number from -1000 to 1000', -1000, 1000),
    'How likely it is killed when memory runs out.',
  ),
  blkio_config: key(blkio(), 'Shares and limits of disks.'),
  gpus: refusedKey(anything(), 'GPUs.', 'Ask for them in `deploy.resources.reservations.devices`.'),
};
