import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cgroupUsage } from '../../src/engine/cgroup-usage.ts';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import { usageOf } from '../../src/engine/stats.ts';
import { realClock } from '../../src/real-clock.ts';
import { scriptedSocket, versionOf } from '../cli/scripted-socket.ts';

const ID = '5461481aa262c9e8c403e15888445e0da4130ec54c5578b6b5eced8afb8f05be';
const V1 = `4:memory:/docker/${ID}\n2:cpu,cpuacct:/docker/${ID}\n`;
const V2 = `0::/docker/${ID}\n`;
/** As a machine with v1 looks like to an engine that was given v2 without controllers. */
const OTHER_V1 = '4:memory:/some/service\n2:cpuacct:/\n';
const MEMORY_V1 = {
  [`sys/fs/cgroup/memory/docker/${ID}/memory.usage_in_bytes`]: '3000\n',
  [`sys/fs/cgroup/memory/docker/${ID}/memory.stat`]: 'cache 900\ntotal_inactive_file 1000\n',
};
const CPU_V1 = { [`sys/fs/cgroup/cpuacct/docker/${ID}/cpuacct.usage`]: '70000\n' };
const memoryV2 = (mount: string) => ({
  [`${mount}/docker/${ID}/memory.current`]: '3000\n',
  [`${mount}/docker/${ID}/memory.stat`]: 'anon 1\ninactive_file 500\n',
});
const cpuV2 = (mount: string) => ({ [`${mount}/docker/${ID}/cpu.stat`]: 'usage_usec 70\nuser_usec 1\n' });

describe("the use read from a container's cgroup", () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 't-eng-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const use = async (cgroup: string, files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries({ 'proc/7/cgroup': cgroup, ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    const usage = await cgroupUsage(realClock, ID, 7, root);
    return usage && { cpuNs: usage.cpuNs, memoryBytes: usage.memoryBytes };
  };

  it.each<[string, string, Readonly<Record<string, string>>, object | undefined]>([
    ['v1', V1, { ...MEMORY_V1, ...CPU_V1 }, { cpuNs: 70_000, memoryBytes: 2000 }],
    ['v1 without a memory controller', '2:cpu,cpuacct:/docker/'.concat(ID, '\n'), CPU_V1, { cpuNs: 70_000 }],
    ['v1 without a CPU controller', `4:memory:/docker/${ID}\n`, MEMORY_V1, { memoryBytes: 2000 }],
    ['v2', V2, { ...memoryV2('sys/fs/cgroup'), ...cpuV2('sys/fs/cgroup') }, { cpuNs: 70_000, memoryBytes: 2500 }],
    ['v2 without a memory controller', V2, cpuV2('sys/fs/cgroup'), { cpuNs: 70_000 }],
    ['v2 whose files are empty', V2, { [`sys/fs/cgroup/docker/${ID}/cpu.stat`]: '' }, undefined],
    ['v2 beside v1', OTHER_V1 + V2, cpuV2('sys/fs/cgroup/unified'), { cpuNs: 70_000 }],
    [
      'v1 for memory beside v2',
      `4:memory:/docker/${ID}\n${V2}`,
      { ...MEMORY_V1, ...cpuV2('sys/fs/cgroup/unified') },
      { cpuNs: 70_000, memoryBytes: 2000 },
    ],
    ['no files at all', V1, {}, undefined],
    ['another container', V2.replace('5461', '0000'), cpuV2('sys/fs/cgroup'), undefined],
  ])('is what there is with %s', async (_what, cgroup, files, expected) => {
    expect(await use(cgroup, files)).toEqual(expected);
  });

  it('is nothing where there is no such process', async () => {
    expect(await cgroupUsage(realClock, ID, 8, root)).toBeUndefined();
  });
});

describe("the use read from an engine's answer", () => {
  const read = '2026-11-28T21:58:40.495310614Z';
  const timeMs = Date.parse(read);
  const cpu = { cpu_usage: { total_usage: 70_000 } };
  /** Of Engine 28.5 on cgroup v2 without controllers. */
  const nothing = {
    read,
    cpu_stats: { cpu_usage: { total_usage: 0 }, system_cpu_usage: 57_369_570_000_000, online_cpus: 2 },
    memory_stats: { stats: { active_anon: 0, inactive_file: 0 } },
  };

  it.each([
    [
      'both',
      { read, cpu_stats: cpu, memory_stats: { usage: 3000, stats: { inactive_file: 1000 } } },
      { timeMs, cpuNs: 70_000, memoryBytes: 2000 },
    ],
    ['CPU only', { read, cpu_stats: cpu, memory_stats: {} }, { timeMs, cpuNs: 70_000 }],
    ['CPU only, and leaves the memory out', { read, cpu_stats: cpu }, { timeMs, cpuNs: 70_000 }],
    ['memory only', { ...nothing, memory_stats: { usage: 3000 } }, { timeMs, memoryBytes: 3000 }],
    ['neither', nothing, undefined],
    [
      'nothing, for it does not run',
      { read: '0001-01-01T00:00:00Z', cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} },
      undefined,
    ],
  ])('is what there is where that tells %s', (_what, answer, expected) => {
    expect(usageOf(answer)).toEqual(expected);
  });
});

describe('the statistics of an engine', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 't-eng-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** What an engine without a container of this machine tells; its memory is that of all its containers. */
  const ask = async (CgroupDriver: string) => {
    let asked = 0;
    const answers: Readonly<Record<string, () => object>> = {
      '/info': () => ({ CgroupDriver }),
      '/containers/c/stats': () => ({
        read: new Date().toISOString(),
        cpu_stats: { cpu_usage: { total_usage: 1_000_000 + asked } },
        memory_stats: { usage: 3000 },
      }),
    };
    const script = versionOf('1.41', (request, response) => {
      const answer = answers[(request.url ?? '').replace(/^\/v1\.41|\?.*/g, '')];
      response.setHeader('content-type', 'application/json');
      asked += 1;
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(JSON.stringify(answer?.() ?? { message: 'no such container' }));
    });
    await using _ = await scriptedSocket(join(home, 's'), script);
    const host = `unix://${join(home, 's')}`;
    const engine = await connectEngine({
      clock: realClock,
      env: {},
      homeDirectory: home,
      platform: 'linux',
      host,
    });
    try {
      return await engine.stats('c');
    } finally {
      engine.close();
    }
  };

  it('are those of the container where the engine has cgroups', async () => {
    expect(await ask('systemd')).toEqual({ memoryBytes: 3000, cpuCores: expect.any(Number) });
  });

  it('are none where it has no cgroups, as a rootless one: it tells of all containers together', async () => {
    expect(await ask('none')).toBeUndefined();
  });
});
