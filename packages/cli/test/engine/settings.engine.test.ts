import { afterAll, expect, it } from 'vitest';
import { isOlder } from '../../src/engine/api-version.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import { describeEngine, TEST_IMAGE } from '../engine-available.ts';
import { askEngine } from '../promises/ask-engine.ts';
import { collect, runContainer, sleeper } from './test-container.ts';

describeEngine('settings of containers', (engine) => {
  const made = new Set<string>();
  const volumes = new Set<string>();
  const run = (what: string, spec: Partial<ContainerSpec> & { start?: boolean } = {}): Promise<string> => {
    const name = sleeper(`set-${what}`);
    made.add(name);
    return runContainer(engine, { name, ...spec });
  };
  const said = async (container: string, script: string): Promise<string[]> =>
    (await engine.exec(container, ['sh', '-c', script])).output.trimEnd().split('\n');
  afterAll(async () => {
    for (const name of made) await engine.removeContainer(name, { force: true });
    for (const name of volumes) await engine.removeVolume(name);
  });

  it('are inspected as they were asked for', async () => {
    const id = await run('all', {
      start: false,
      domainname: 'd.example',
      dns: ['9.9.9.9'],
      dnsSearch: ['s.example'],
      dnsOptions: ['ndots:2'],
      extraHosts: ['gate:host-gateway', 'six:::1'],
      tty: true,
      stdinOpen: true,
      privileged: true,
      capAdd: ['NET_ADMIN'],
      securityOpt: ['no-new-privileges:true', 'systempaths=unconfined'],
      groupAdd: ['50'],
      devices: [{ host: '/dev/null', container: '/dev/nix', permissions: '' }],
      deviceCgroupRules: ['c 1:3 mr'],
      deviceRequests: [{ capabilities: ['gpu'], count: 1, options: { a: 'b' } }],
      sysctls: { 'net.core.somaxconn': '99' },
      ulimits: [{ name: 'nproc', soft: 500, hard: 600 }],
      shmSizeBytes: 8 * 1024 * 1024,
      logging: { driver: 'json-file', options: { 'max-size': '1m' } },
      runtime: 'runc',
      ipc: 'shareable',
      pid: 'host',
      uts: 'host',
      userns: 'host',
      cgroup: 'host',
      cgroupParent: '/t-eng',
      isolation: 'default',
      oomScoreAdj: 100,
      oomKillDisable: false,
      pidsLimit: 70,
      memoryBytes: 64 * 1024 * 1024,
      memoryReservationBytes: 32 * 1024 * 1024,
      memorySwapBytes: -1,
      memorySwappiness: 10,
      cpuShares: 512,
      cpuset: '0',
      cpuQuota: 50_000,
      cpuPeriod: 100_000,
      blkio: { deviceReadBps: [{ path: '/dev/null', rate: 1024 }], deviceWriteIops: [{ path: '/dev/null', rate: 5 }] },
      annotations: { left: 'out of old engines' },
      networkMode: 'host',
    });
    expect(await askEngine(engine, `/containers/${id}/json`)).toMatchObject({
      Config: { Domainname: 'd.example', Tty: true, OpenStdin: true },
      HostConfig: {
        NetworkMode: 'host',
        Dns: ['9.9.9.9'],
        DnsSearch: ['s.example'],
        DnsOptions: ['ndots:2'],
        ExtraHosts: ['gate:host-gateway', 'six:::1'],
        Privileged: true,
        CapAdd: [expect.stringMatching(/^(CAP_)?NET_ADMIN$/)],
        SecurityOpt: expect.arrayContaining(['no-new-privileges:true']),
        MaskedPaths: [],
        ReadonlyPaths: [],
        GroupAdd: ['50'],
        Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/nix', CgroupPermissions: 'rwm' }],
        DeviceCgroupRules: ['c 1:3 mr'],
        DeviceRequests: [{ Count: 1, Capabilities: [['gpu']], Options: { a: 'b' } }],
        Sysctls: { 'net.core.somaxconn': '99' },
        Ulimits: [{ Name: 'nproc', Soft: 500, Hard: 600 }],
        ShmSize: 8 * 1024 * 1024,
        LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
        Runtime: 'runc',
        IpcMode: 'shareable',
        PidMode: 'host',
        UTSMode: 'host',
        UsernsMode: 'host',
        CgroupnsMode: 'host',
        CgroupParent: '/t-eng',
        Isolation: 'default',
        OomScoreAdj: 100,
        PidsLimit: 70,
        Memory: 64 * 1024 * 1024,
        MemoryReservation: 32 * 1024 * 1024,
        MemorySwap: -1,
        MemorySwappiness: 10,
        CpuShares: 512,
        CpusetCpus: '0',
        CpuQuota: 50_000,
        CpuPeriod: 100_000,
        BlkioDeviceReadBps: [{ Path: '/dev/null', Rate: 1024 }],
        BlkioDeviceWriteIOps: [{ Path: '/dev/null', Rate: 5 }],
      },
    });
  });

  it('are in force inside', async () => {
    const id = await run('inside', {
      hostname: 'box',
      dns: ['9.9.9.9'],
      dnsOptions: ['ndots:2'],
      extraHosts: ['gate:host-gateway', 'six:::1'],
      networkMode: 'bridge',
      sysctls: { 'net.core.somaxconn': '99' },
      ulimits: [{ name: 'core', soft: 500, hard: 600 }],
      devices: [{ host: '/dev/null', container: '/dev/nix', permissions: 'rwm' }],
      groupAdd: ['50'],
      oomScoreAdj: 321,
      cpus: 0.5,
      memoryBytes: 64 * 1024 * 1024,
      shmSizeBytes: 8 * 1024 * 1024,
    });
    const limits = 'grep "core file" /proc/1/limits';
    expect(await said(id, `hostname; cat /proc/sys/net/core/somaxconn; id -G; ${limits}`)).toEqual([
      ...['box', '99', '0 50', expect.stringMatching(/^Max core file size +500 +600 /)],
    ]);
    expect(await said(id, 'echo lost >/dev/nix; cat /proc/1/oom_score_adj; df -k /dev/shm | tail -1')).toEqual([
      '321',
      expect.stringMatching(/^shm\s+8192 /),
    ]);
    expect(await said(id, 'cat /etc/resolv.conf')).toEqual(
      expect.arrayContaining(['nameserver 9.9.9.9', 'options ndots:2']),
    );
    expect(await said(id, 'cat /etc/hosts')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^[\d.]+\tgate$/), '::1\tsix']),
    );
    expect(await askEngine(engine, `/containers/${id}/json`)).toMatchObject({ HostConfig: { NanoCpus: 500_000_000 } });
  });

  it('give a terminal, whose lines are read like others', async () => {
    const id = await run('tty', {
      tty: true,
      command: ['sh', '-c', 'test -t 1 && echo terminal; echo 12345678; exit 3'],
    });
    expect(await engine.waitContainer(id, new AbortController().signal)).toBe(3);
    const lines = await collect(engine.logs(id, {}));
    expect(lines.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'terminal'],
      ['stdout', '12345678'],
    ]);
    expect(lines[0]?.timeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('mount volumes and tmpfs as asked', async () => {
    const volume = sleeper('set-nocopy');
    volumes.add(volume);
    const id = await run('mounts', {
      mounts: [
        { kind: 'volume', source: volume, target: '/etc/apt', readOnly: true, noCopy: true },
        { kind: 'volume', target: '/etc/dpkg', readOnly: false },
        { kind: 'tmpfs', target: '/sized', sizeBytes: 4 * 1024 * 1024, mode: 0o1750 },
        { kind: 'tmpfs', target: '/told', options: 'rw,exec,size=2m,mode=711' },
        { kind: 'bind', source: '/tmp', target: '/strict', readOnly: true, mustExist: true },
        { kind: 'bind', source: '/tmp', target: '/labelled', readOnly: false, selinux: 'z' },
      ],
    });
    expect(await said(id, 'ls /etc/apt | wc -l; ls /etc/dpkg | grep -c origins; touch /etc/apt/x 2>&1')).toEqual([
      ...['0', '1', expect.stringContaining('Read-only file system')],
    ]);
    expect(
      await said(id, 'stat -c %a /sized /told; df -k /sized /told | tail -2; grep " /told " /proc/mounts'),
    ).toEqual([
      '1750',
      '711',
      expect.stringMatching(/^tmpfs\s+4096 /),
      expect.stringMatching(/^tmpfs\s+2048 /),
      expect.not.stringContaining('noexec'),
    ]);
    expect(await said(id, 'touch /strict/x 2>&1')).toEqual([expect.stringContaining('Read-only file system')]);
    const mounted = (await engine.inspectContainer(id))?.volumes ?? [];
    expect(mounted.toSorted((a, b) => (a.target < b.target ? -1 : 1))).toEqual([
      { name: volume, target: '/etc/apt' },
      { name: expect.stringMatching(/^[0-9a-f]{64}$/), target: '/etc/dpkg' },
    ]);
  });

  it('refuse a bind whose source must exist and does not', async () => {
    const missing = { kind: 'bind', source: '/t-eng/missing', target: '/x', readOnly: false, mustExist: true } as const;
    await expect(run('strict', { start: false, mounts: [missing] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining("it mounts /t-eng/missing, which does not exist on the engine's machine"),
    });
  });

  it('refuse what the engine is too old for, by name', async () => {
    const { apiVersion } = await engine.info();
    const part = { kind: 'volume', source: sleeper('sub'), target: '/x', readOnly: false, subpath: 'a/b' } as const;
    const creating = run('subpath', { start: false, mounts: [part] });
    if (isOlder(apiVersion, '1.45')) {
      await expect(creating).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/mounts a\/b of the volume \S+ at \/x, which needs Docker 26\.0/),
      });
    } else {
      volumes.add(part.source);
      await creating;
    }
  });

  it('refuse an image of another platform', async () => {
    await expect(run('platform', { start: false, platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'ENGINE_ERROR',
      message: expect.stringContaining(
        `image ${TEST_IMAGE} on the engine is for another platform than the service asks for`,
      ),
      hint: expect.stringContaining(`docker pull --platform <platform> ${TEST_IMAGE}`),
    });
  });

  it('publish UDP ports and a free port of a range, and say when the range is full', async () => {
    // Two in a row, below those that the system gives to whoever asks for a free one.
    const first = 21_000 + 2 * (process.pid % 4000);
    const ports: ContainerSpec['ports'] = [
      { target: 80, protocol: 'tcp', published: first, publishedEnd: first + 1, hostIp: '127.0.0.1' },
      { target: 53, protocol: 'udp', published: 0, hostIp: '127.0.0.1' },
    ];
    const [one, two] = [
      await run('range-1', { networkMode: 'bridge', ports }),
      await run('range-2', { networkMode: 'bridge', ports }),
    ];
    const published = [];
    for (const id of [one, two]) {
      const details = await engine.inspectContainer(id);
      published.push(details?.ports.find(({ target }) => target === 80)?.published);
      expect(details?.ports).toContainEqual({
        hostIp: '127.0.0.1',
        published: expect.any(Number),
        target: 53,
        protocol: 'udp',
      });
    }
    expect(published.toSorted()).toEqual([first, first + 1]);
    await expect(run('range-3', { networkMode: 'bridge', ports })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(/every port of the range is already in use|port \S+ is already in use/),
    });
  });

  it('share the network of the host or of another container', async () => {
    const host = await run('host', { networkMode: 'host' });
    const other = await run('other', { networkMode: `container:${host}` });
    const [mine, theirs] = await Promise.all([host, other].map((id) => said(id, 'readlink /proc/self/ns/net')));
    expect(mine).toEqual(theirs);
    expect((await engine.inspectContainer(host))?.addresses).toEqual({});
  });
});
