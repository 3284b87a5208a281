import { expect, it } from 'vitest';
import { engineWarning } from '../../../src/rollout/acts/engine-warning.ts';
import { rollOut } from '../../../src/rollout/roll-out.ts';
import { aProject, aService } from '../a-service.ts';
import { scriptedEngine } from '../scripted-engine.ts';
import { scriptedSurroundings } from '../scripted-surroundings.ts';

const NO = 'Your kernel does not support';

/** As Engines 20.10 to 28.5 say it; the source of 29 has the same words. */
it.each([
  [`${NO} memory limit capabilities or the cgroup is not mounted. Limitation discarded.`, 'mem_limit (deploy.'],
  [`${NO} swap limit capabilities or the cgroup is not mounted. Memory limited without swap.`, 'memswap_limit.'],
  [
    `${NO} memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.`,
    'mem_swappiness.',
  ],
  [
    `${NO} memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.`,
    'mem_reservation (deploy.',
  ],
  [
    `${NO} kernel memory limit capabilities or the cgroup is not mounted. Limitation discarded.`,
    'kernel memory limit.',
  ],
  [`${NO} OomKillDisable. OomKillDisable discarded.`, 'oom_kill_disable.'],
  [`${NO} PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.`, 'pids_limit (deploy.'],
  [`${NO} CPU shares or the cgroup is not mounted. Shares discarded.`, 'cpu_shares.'],
  [`${NO} CPU CFS scheduler. CPU period/quota discarded.`, 'cpu_period and cpu_quota.'],
  [`${NO} cpuset or the cgroup is not mounted. Cpuset discarded.`, 'cpuset.'],
  [`${NO} Block I/O weight or the cgroup is not mounted. Weight discarded.`, 'blkio_config.weight.'],
  [
    `${NO} Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.`,
    'blkio_config.weight_device.',
  ],
  [
    `${NO} BPS Block I/O read limit or the cgroup is not mounted. Block I/O BPS read limit discarded.`,
    'blkio_config.device_read_bps.',
  ],
  [
    `${NO} BPS Block I/O write limit or the cgroup is not mounted. Block I/O BPS write limit discarded.`,
    'blkio_config.device_write_bps.',
  ],
  [
    `${NO} IOPS Block read limit or the cgroup is not mounted. Block I/O IOPS read limit discarded.`,
    'blkio_config.device_read_iops.',
  ],
  [
    `${NO} IOPS Block write limit or the cgroup is not mounted. Block I/O IOPS write limit discarded.`,
    'blkio_config.device_write_iops.',
  ],
  [`${NO} cgroup namespaces.  Cgroup namespace setting discarded.`, 'cgroup.'],
  ['Published ports are discarded when using host network mode', 'ports.'],
])('names the setting that is dropped where the engine says "%s"', (words, setting) => {
  const warning = engineWarning('web', words);
  expect(warning).toContain(`Service web runs without its ${setting}`);
  expect(warning).toContain(`The engine says: ${words.replace(/ {2}/, ' ')}`);
});

it.each([
  'OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.',
  'IPv4 forwarding is disabled. Networking will not work.',
])('repeats what the engine says of anything else: "%s"', (words) => {
  expect(engineWarning('web', words)).toBe(`Service web: the engine says: ${words}`);
});

it('tells it once for each service that it is about, however many replicas there are', async () => {
  const engine = scriptedEngine();
  const words = `${NO} CPU shares or the cgroup is not mounted. Shares discarded.`;
  engine.warningsOf = ({ cpuShares }) => (cpuShares === undefined ? [] : [words]);
  const told: string[] = [];
  const surroundings = scriptedSurroundings(engine, {
    report: (event) => void (event.type === 'warning' && told.push(event.message)),
  });
  const limited = { replicas: 3, settings: { cpuShares: 512 } };
  const services = [aService('a', limited), aService('b', limited), aService('c')];
  await rollOut(surroundings, { project: aProject(services), command: 'deploy', recreate: [], asDeployed: false });
  expect(told.filter((message) => message.includes('cpu_shares')).sort()).toEqual([
    engineWarning('a', words),
    engineWarning('b', words),
  ]);
});
