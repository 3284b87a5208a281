/** The engines' messages about dropped settings, with the setting's name in a Compose file. The first match counts. */
const DROPPED: readonly (readonly [words: RegExp, setting: string])[] = [
  [/swap limit|without swap/i, 'memswap_limit'],
  [/swappiness/i, 'mem_swappiness'],
  [/soft limit/i, 'mem_reservation (deploy.resources.reservations.memory)'],
  [/kernel memory|memory tcp/i, 'kernel memory limit'],
  [/memory limit/i, 'mem_limit (deploy.resources.limits.memory)'],
  [/OomKillDisable discarded/i, 'oom_kill_disable'],
  [/pids limit/i, 'pids_limit (deploy.resources.limits.pids)'],
  [/cpu shares/i, 'cpu_shares'],
  [/cpu real-?time/i, 'cpu_rt_period and cpu_rt_runtime'],
  [/cpu percent/i, 'cpu_percent'],
  [/cpu cfs|cpu period|cpu quota/i, 'cpu_period and cpu_quota'],
  [/cpuset/i, 'cpuset'],
  [/weight.?device/i, 'blkio_config.weight_device'],
  [/block i\/o weight/i, 'blkio_config.weight'],
  [/bps read/i, 'blkio_config.device_read_bps'],
  [/bps write/i, 'blkio_config.device_write_bps'],
  [/iops read/i, 'blkio_config.device_read_iops'],
  [/iops write/i, 'blkio_config.device_write_iops'],
  [/cgroup namespace/i, 'cgroup'],
  [/published ports/i, 'ports'],
];

/** Whether the engine drops the setting, rather than only mentioning it. */
const IS_DROPPED = /discarded|limited without/i;

/** The engine's warning about a new container of a service, with the dropped setting if it is known. */
export function engineWarning(service: string, words: string): string {
  const said = `The engine says: ${words.trim().replace(/\s+/g, ' ').replace(/\.?$/, '.')}`;
  const setting = IS_DROPPED.test(words) ? DROPPED.find(([pattern]) => pattern.test(words))?.[1] : undefined;
  return setting === undefined
    ? `Service ${service}: ${said.replace('The', 'the')}`
    : `Service ${service} runs without its ${setting}. ${said}`;
}
