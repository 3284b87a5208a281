import { describe, expect, it } from 'vitest';
import { containerRequest } from '../../src/engine/container-request.ts';
import type { ContainerSpec } from '../../src/model/container.ts';

const base = { name: 'x', image: 'i', labels: {}, networks: [] };
const request = (spec: Partial<ContainerSpec>, apiVersion = '1.41') =>
  containerRequest({ ...base, ...spec }, apiVersion);
const hostConfig = (spec: Partial<ContainerSpec>, apiVersion?: string) => {
  // The engine's own shape, of which the request is a part.
  const { HostConfig } = request(spec, apiVersion) as { HostConfig: Record<string, unknown> };
  return HostConfig;
};

describe('a container to create', () => {
  it.each<[string, Partial<ContainerSpec>, object]>([
    ['names', { hostname: 'h', domainname: 'd.example' }, { Hostname: 'h', Domainname: 'd.example' }],
    ['a terminal and stdin', { tty: true, stdinOpen: true }, { Tty: true, OpenStdin: true }],
    ['stdin for one attachment', { stdinOnce: true }, { OpenStdin: true, StdinOnce: true, AttachStdin: true }],
    ['an entrypoint that is cleared', { entrypoint: [], command: ['a'] }, { Entrypoint: [], Cmd: ['a'] }],
    ['its environment', { environment: { A: 'b=c', B: '' } }, { Env: ['A=b=c', 'B='] }],
    ["one of the image's variables taken away", { environment: { PATH: null } }, { Env: ['PATH'] }],
    [
      'its grace period in whole seconds',
      { stopGracePeriodMs: 1500, stopSignal: 'SIGINT' },
      { StopTimeout: 2, StopSignal: 'SIGINT' },
    ],
  ])('has %s', (_what, spec, expected) => {
    expect(request(spec)).toMatchObject(expected);
  });

  it.each<[string, Partial<ContainerSpec>, object]>([
    ['capabilities', { capAdd: ['NET_ADMIN'], capDrop: ['ALL'] }, { CapAdd: ['NET_ADMIN'], CapDrop: ['ALL'] }],
    ['ulimits', { ulimits: [{ name: 'nproc', soft: 5, hard: 6 }] }, { Ulimits: [{ Name: 'nproc', Soft: 5, Hard: 6 }] }],
    ['sysctls', { sysctls: { 'net.core.somaxconn': '1024' } }, { Sysctls: { 'net.core.somaxconn': '1024' } }],
    [
      'devices, readable and writable unless told otherwise',
      {
        devices: [
          { host: '/dev/a', container: '/dev/b', permissions: 'r' },
          { host: '/dev/c', container: '/dev/c', permissions: '' },
        ],
        deviceCgroupRules: ['c 1:3 mr'],
      },
      {
        Devices: [
          { PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'r' },
          { PathOnHost: '/dev/c', PathInContainer: '/dev/c', CgroupPermissions: 'rwm' },
        ],
        DeviceCgroupRules: ['c 1:3 mr'],
      },
    ],
    [
      'devices of the Container Device Interface by name',
      { devices: [{ host: 'vendor.com/net=nic0', container: 'vendor.com/net=nic0', permissions: 'rwm' }] },
      { Devices: [], DeviceRequests: [{ Driver: 'cdi', DeviceIDs: ['vendor.com/net=nic0'] }] },
    ],
    [
      'device requests: all, so many, or by id',
      {
        deviceRequests: [
          { capabilities: ['gpu'] },
          { capabilities: ['gpu', 'compute'], count: 2, driver: 'nvidia', options: { a: 'b' } },
          { capabilities: ['gpu'], deviceIds: ['0', '3'] },
        ],
      },
      {
        DeviceRequests: [
          { Count: -1, Capabilities: [['gpu']] },
          { Count: 2, Capabilities: [['gpu', 'compute']], Driver: 'nvidia', Options: { a: 'b' } },
          { Count: 0, Capabilities: [['gpu']], DeviceIDs: ['0', '3'] },
        ],
      },
    ],
    [
      'a log driver',
      { logging: { driver: 'json-file', options: { 'max-size': '1m' } } },
      { LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } } },
    ],
    [
      "options of the engine's own log driver",
      { logging: { options: { tag: 't' } } },
      { LogConfig: { Type: '', Config: { tag: 't' } } },
    ],
    [
      'limits of memory',
      {
        memoryBytes: 1024,
        memoryReservationBytes: 512,
        memorySwapBytes: -1,
        memorySwappiness: 0,
        shmSizeBytes: 64,
        oomKillDisable: true,
        oomScoreAdj: -5,
      },
      {
        Memory: 1024,
        MemoryReservation: 512,
        MemorySwap: -1,
        MemorySwappiness: 0,
        ShmSize: 64,
        OomKillDisable: true,
        OomScoreAdj: -5,
      },
    ],
    [
      'limits of CPUs',
      {
        cpus: 0.1,
        cpuShares: 20,
        cpuset: '0-1',
        cpuQuota: 5,
        cpuPeriod: 6,
        cpuRtPeriod: 7,
        cpuRtRuntime: 8,
        cpuCount: 2,
        cpuPercent: 12.5,
      },
      {
        NanoCpus: 100_000_000,
        CpuShares: 20,
        CpusetCpus: '0-1',
        CpuQuota: 5,
        CpuPeriod: 6,
        CpuRealtimePeriod: 7,
        CpuRealtimeRuntime: 8,
        CpuCount: 2,
        CpuPercent: 1250,
      },
    ],
    ['limits of processes and a parent', { pidsLimit: -1, cgroupParent: '/p' }, { PidsLimit: -1, CgroupParent: '/p' }],
    [
      'limits of block devices',
      {
        blkio: {
          weight: 300,
          weightDevice: [{ path: '/dev/a', weight: 400 }],
          deviceReadBps: [{ path: '/dev/a', rate: 1 }],
          deviceWriteBps: [{ path: '/dev/a', rate: 2 }],
          deviceReadIops: [{ path: '/dev/a', rate: 3 }],
          deviceWriteIops: [{ path: '/dev/a', rate: 4 }],
        },
      },
      {
        BlkioWeight: 300,
        BlkioWeightDevice: [{ Path: '/dev/a', Weight: 400 }],
        BlkioDeviceReadBps: [{ Path: '/dev/a', Rate: 1 }],
        BlkioDeviceWriteBps: [{ Path: '/dev/a', Rate: 2 }],
        BlkioDeviceReadIOps: [{ Path: '/dev/a', Rate: 3 }],
        BlkioDeviceWriteIOps: [{ Path: '/dev/a', Rate: 4 }],
      },
    ],
    [
      'names and addresses',
      {
        dns: ['1.1.1.1'],
        dnsSearch: ['a.example'],
        dnsOptions: ['ndots:1'],
        extraHosts: ['host:host-gateway', 'six:::1'],
      },
      {
        Dns: ['1.1.1.1'],
        DnsSearch: ['a.example'],
        DnsOptions: ['ndots:1'],
        ExtraHosts: ['host:host-gateway', 'six:::1'],
      },
    ],
    [
      'namespaces',
      { ipc: 'shareable', pid: 'host', uts: 'host', userns: 'host', cgroup: 'private' },
      { IpcMode: 'shareable', PidMode: 'host', UTSMode: 'host', UsernsMode: 'host', CgroupnsMode: 'private' },
    ],
    [
      'the rest',
      {
        init: true,
        privileged: true,
        groupAdd: ['50'],
        runtime: 'runc',
        isolation: 'default',
        storageOpt: { size: '1G' },
        readOnly: true,
      },
      {
        Init: true,
        Privileged: true,
        GroupAdd: ['50'],
        Runtime: 'runc',
        Isolation: 'default',
        StorageOpt: { size: '1G' },
        ReadonlyRootfs: true,
      },
    ],
    [
      'paths of the system unmasked',
      { securityOpt: ['no-new-privileges:true', 'systempaths=unconfined'] },
      { SecurityOpt: ['no-new-privileges:true'], MaskedPaths: [], ReadonlyPaths: [] },
    ],
    ['no restart', {}, { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }],
    [
      'restarts after failures, so many',
      { restart: { name: 'on-failure', maxRetries: 3 } },
      { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } },
    ],
    // The engine refuses a count with any other policy.
    [
      'restarts without a count',
      { restart: { name: 'always', maxRetries: 3 } },
      { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } },
    ],
  ])('has %s', (_what, spec, expected) => {
    expect(hostConfig(spec)).toMatchObject(expected);
  });

  it('leaves to the engine what nobody asked for', () => {
    const absent = [
      'Memory',
      'NanoCpus',
      'ShmSize',
      'Privileged',
      'Init',
      'LogConfig',
      'MaskedPaths',
      'Ulimits',
      'Dns',
    ];
    for (const field of absent) expect(hostConfig({})).not.toHaveProperty(field);
    for (const field of ['Hostname', 'Tty', 'Entrypoint', 'Cmd', 'User']) expect(request({})).not.toHaveProperty(field);
  });

  it('has annotations only where the API has them', () => {
    const annotations = { a: 'b' };
    expect(hostConfig({ annotations }, '1.43')).toMatchObject({ Annotations: annotations });
    expect(hostConfig({ annotations }, '1.42')).not.toHaveProperty('Annotations');
  });
});

describe('a healthcheck', () => {
  const healthcheck = {
    test: ['CMD', 'x'],
    intervalMs: 1,
    timeoutMs: 2000,
    retries: 3,
    startPeriodMs: 1500,
    startIntervalMs: 5,
  };

  it('has durations in nanoseconds, the interval at the start only where the API has it', () => {
    const expected = { Test: ['CMD', 'x'], Interval: 1e6, Timeout: 2e9, Retries: 3, StartPeriod: 1.5e9 };
    expect(request({ healthcheck }, '1.43')).toHaveProperty('Healthcheck', expected);
    expect(request({ healthcheck }, '1.44')).toHaveProperty('Healthcheck', { ...expected, StartInterval: 5e6 });
  });

  it("keeps the image's test where it has none of its own", () => {
    expect(request({ healthcheck: { ...healthcheck, test: [] } })).toMatchObject({
      Healthcheck: { Test: [], Retries: 3 },
    });
  });
});

describe('mounts', () => {
  it.each<[string, NonNullable<ContainerSpec['mounts']>[number], object]>([
    [
      'a bind that is made when missing',
      { kind: 'bind', source: '/a', target: '/b', readOnly: false },
      { Binds: ['/a:/b:rw'], Mounts: [] },
    ],
    [
      'a bind with everything',
      { kind: 'bind', source: '/a', target: '/b', readOnly: true, selinux: 'Z', propagation: 'rslave' },
      { Binds: ['/a:/b:ro,Z,rslave'], Mounts: [] },
    ],
    [
      'a bind that must be there',
      { kind: 'bind', source: '/a', target: '/b', readOnly: true, mustExist: true, propagation: 'rshared' },
      {
        Binds: [],
        Mounts: [{ Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true, BindOptions: { Propagation: 'rshared' } }],
      },
    ],
    [
      'a bind of a drive, which is made when missing as any other',
      { kind: 'bind', source: 'C:\\Users\\me\\data', target: '/b', readOnly: true },
      { Binds: ['C:\\Users\\me\\data:/b:ro'], Mounts: [] },
    ],
    [
      'a bind of a drive with slashes',
      { kind: 'bind', source: 'd:/data', target: '/b', readOnly: false },
      { Binds: ['d:/data:/b:rw'], Mounts: [] },
    ],
    [
      'a bind of a drive that must be there',
      { kind: 'bind', source: 'C:\\data', target: '/b', readOnly: false, mustExist: true },
      { Binds: [], Mounts: [{ Type: 'bind', Source: 'C:\\data', Target: '/b', ReadOnly: false }] },
    ],
    [
      'a path with a colon',
      { kind: 'bind', source: '/a:b', target: '/b', readOnly: false },
      { Binds: [], Mounts: [{ Type: 'bind', Source: '/a:b', Target: '/b', ReadOnly: false }] },
    ],
    [
      'a volume',
      { kind: 'volume', source: 'v', target: '/b', readOnly: true },
      { Mounts: [{ Type: 'volume', Source: 'v', Target: '/b', ReadOnly: true }] },
    ],
    [
      'an anonymous volume',
      { kind: 'volume', target: '/b', readOnly: false },
      { Mounts: [{ Type: 'volume', Target: '/b', ReadOnly: false }] },
    ],
    [
      'a part of a volume, empty at first',
      { kind: 'volume', source: 'v', target: '/b', readOnly: false, noCopy: true, subpath: 'sub/dir' },
      {
        Mounts: [
          {
            Type: 'volume',
            Source: 'v',
            Target: '/b',
            ReadOnly: false,
            VolumeOptions: { NoCopy: true, Subpath: 'sub/dir' },
          },
        ],
      },
    ],
    ['a tmpfs', { kind: 'tmpfs', target: '/t' }, { Mounts: [{ Type: 'tmpfs', Target: '/t' }] }],
    [
      'a tmpfs with size and mode',
      { kind: 'tmpfs', target: '/t', sizeBytes: 1024, mode: 0o1770 },
      { Mounts: [{ Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1024, Mode: 0o1770 } }] },
    ],
    [
      'a tmpfs with options',
      { kind: 'tmpfs', target: '/t', options: 'rw,noexec,size=64m' },
      { Mounts: [], Tmpfs: { '/t': 'rw,noexec,size=64m' } },
    ],
    [
      'a tmpfs with options, size and mode',
      { kind: 'tmpfs', target: '/t', options: 'uid=5', sizeBytes: 1024, mode: 0o700 },
      { Tmpfs: { '/t': 'uid=5,size=1024,mode=700' } },
    ],
  ])('have %s', (_what, mount, expected) => {
    expect(hostConfig({ mounts: [mount] })).toMatchObject(expected);
  });
});

describe('networks', () => {
  const networks = [
    {
      name: 'a',
      aliases: ['one'],
      ipv4Address: '10.0.0.5',
      ipv6Address: 'fd00::5',
      linkLocalIps: ['169.254.0.5'],
      macAddress: '02:42:00:00:00:05',
      driverOpts: { o: 'p' },
    },
    { name: 'b', aliases: ['two'], macAddress: '02:42:00:00:00:06' },
  ];
  const endpoint = {
    Aliases: ['one'],
    IPAMConfig: { IPv4Address: '10.0.0.5', IPv6Address: 'fd00::5', LinkLocalIPs: ['169.254.0.5'] },
    DriverOpts: { o: 'p' },
  };

  it("are the first one alone before API 1.44, whose MAC address is the container's", () => {
    const asked = request({ networks }, '1.43');
    expect(asked).toMatchObject({ MacAddress: '02:42:00:00:00:05', HostConfig: { NetworkMode: 'a' } });
    expect(asked).toHaveProperty('NetworkingConfig', { EndpointsConfig: { a: endpoint } });
  });

  it('are all of them since, each with its MAC address', () => {
    const asked = request({ networks }, '1.44');
    expect(asked).not.toHaveProperty('MacAddress');
    expect(asked).toHaveProperty('NetworkingConfig', {
      EndpointsConfig: {
        a: { ...endpoint, MacAddress: '02:42:00:00:00:05' },
        b: { Aliases: ['two'], MacAddress: '02:42:00:00:00:06' },
      },
    });
  });

  it('are none when none is given', () => {
    const asked = request({});
    expect(asked).toMatchObject({ HostConfig: { NetworkMode: 'none' } });
    expect(asked).not.toHaveProperty('NetworkingConfig');
  });

  it.each(['host', 'bridge', 'container:abc'])('are none with the mode %s', (networkMode) => {
    const asked = request({ networkMode });
    expect(asked).toMatchObject({ HostConfig: { NetworkMode: networkMode } });
    expect(asked).not.toHaveProperty('NetworkingConfig');
  });
});

describe('ports', () => {
  it('are published by protocol, several times, at an address, free ones and from ranges', () => {
    const ports: ContainerSpec['ports'] = [
      { target: 80, protocol: 'tcp', published: 8080 },
      { target: 80, protocol: 'tcp', published: 8081, hostIp: '127.0.0.1' },
      { target: 53, protocol: 'udp', published: 0 },
      { target: 53, protocol: 'tcp', published: 9000, publishedEnd: 9010 },
      { target: 54, protocol: 'sctp', published: 9020, publishedEnd: 9020 },
    ];
    expect(request({ ports })).toMatchObject({
      ExposedPorts: { '80/tcp': {}, '53/udp': {}, '53/tcp': {}, '54/sctp': {} },
      HostConfig: {
        PortBindings: {
          '80/tcp': [
            { HostIp: '', HostPort: '8080' },
            { HostIp: '127.0.0.1', HostPort: '8081' },
          ],
          '53/udp': [{ HostIp: '', HostPort: '0' }],
          '53/tcp': [{ HostIp: '', HostPort: '9000-9010' }],
          '54/sctp': [{ HostIp: '', HostPort: '9020' }],
        },
      },
    });
  });
});
