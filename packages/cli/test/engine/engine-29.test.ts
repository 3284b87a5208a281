import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import type { Engine } from '../../src/model/engine.ts';
import { realClock } from '../../src/real-clock.ts';
import { scriptedSocket } from '../cli/scripted-socket.ts';

const INDEX = 'sha256:76d6b52d2715416f0a59e98dbed87ec5ac41a8e9ae43825aae1e7beb36ccd7e5';
const network = {
  IPAMConfig: null,
  Links: null,
  Aliases: ['web'],
  DriverOpts: null,
  GwPriority: 0,
  NetworkID: 'n1',
  EndpointID: 'e1',
  Gateway: '172.18.0.1',
  IPAddress: '172.18.0.2',
  MacAddress: '02:42:ac:12:00:02',
  IPPrefixLen: 16,
  IPv6Gateway: '',
  GlobalIPv6Address: '',
  GlobalIPv6PrefixLen: 0,
  DNSNames: ['web-1', 'web'],
};

/**
 * Answers of Engine 29 by its API's version history: without what API 1.52 leaves out, with what it adds, and with
 * images of containerd's store. Not recorded: no Engine 29 was at hand.
 */
const ANSWERS: Readonly<Record<string, object>> = {
  '/version': {
    Components: [{ Name: 'Engine', Version: '29.1.0' }],
    Version: '29.1.0',
    ApiVersion: '1.52',
    MinAPIVersion: '1.44',
    Os: 'linux',
    Arch: 'amd64',
  },
  '/v1.44/images/web:1/json': {
    Id: INDEX,
    RepoTags: ['web:1'],
    RepoDigests: [`web@${INDEX}`],
    Descriptor: { mediaType: 'application/vnd.oci.image.index.v1+json', digest: INDEX, size: 1609 },
    Architecture: 'amd64',
    Os: 'linux',
    Size: 81_202_060,
    RootFS: { Type: 'layers', Layers: ['sha256:8d0bb54441815f511a1a30f7aac3470d6d596998ddc6d9172b2f0a9c63165b7c'] },
    Metadata: { LastTagTime: '2026-11-28T21:49:36.5550008Z' },
    Config: {},
  },
  '/v1.44/images/scratch:1/json': { Id: INDEX, Architecture: 'amd64', Os: 'linux', Size: 0, RootFS: {} },
  '/v1.44/containers/json': [
    {
      Id: 'abc',
      Names: ['/web-1'],
      Image: 'web:1',
      ImageID: INDEX,
      ImageManifestDescriptor: {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: 'sha256:1',
        size: 400,
      },
      Labels: {},
      State: 'running',
      Status: 'Up 2 minutes (healthy)',
      Health: { Status: 'healthy', FailingStreak: 0 },
      Ports: [
        { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
        { PrivatePort: 81, Type: 'tcp' },
      ],
      HostConfig: { NetworkMode: 'n' },
      NetworkSettings: { Networks: { n: network } },
    },
  ],
  '/v1.44/containers/web-1/json': {
    Id: 'abc',
    Name: '/web-1',
    Image: INDEX,
    RestartCount: 0,
    Config: { Image: 'web:1', Labels: {} },
    State: {
      Status: 'running',
      Pid: 7,
      OOMKilled: false,
      ExitCode: 0,
      Error: '',
      StartedAt: '2026-01-02T03:04:05.678901234Z',
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    Storage: { RootFS: { Snapshot: { Name: 'overlayfs' } } },
    NetworkSettings: {
      SandboxID: 's1',
      SandboxKey: '/var/run/docker/netns/s1',
      Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '81/tcp': null },
      Networks: { n: network },
    },
    HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } },
    Mounts: [],
  },
  '/v1.44/networks/n': {
    Name: 'n',
    Id: 'n1',
    Scope: 'local',
    Driver: 'bridge',
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '172.18.0.0/16', IPRange: '', Gateway: '172.18.0.1' }] },
    Options: {},
    Labels: {},
    Status: { IPAM: { Subnets: { '172.18.0.0/16': { IPsInUse: 4, DynamicIPsAvailable: 65_532 } } } },
  },
  '/v1.44/info': {
    ServerVersion: '29.1.0',
    Architecture: 'x86_64',
    NCPU: 2,
    MemTotal: 1000,
    CgroupDriver: 'systemd',
    FirewallBackend: { Driver: 'nftables' },
  },
};

describe('an engine that answers as Engine 29', () => {
  let home = '';
  let server: AsyncDisposable;
  let engine: Engine;
  const asked: string[] = [];
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 't-eng-'));
    asked.length = 0;
    server = await scriptedSocket(join(home, 's'), (request, response) => {
      const path = (request.url ?? '').replace(/\?.*/, '');
      asked.push(path);
      response.setHeader('content-type', 'application/json');
      if (path === '/v1.44/events') {
        response.setHeader('content-type', 'application/x-ndjson');
        const Actor = { ID: 'abc', Attributes: { exitCode: '3' } };
        response.end(`${JSON.stringify({ Type: 'container', Action: 'die', Actor, scope: 'local' })}\n`);
        return;
      }
      response.statusCode = ANSWERS[path] === undefined ? 400 : 200;
      response.end(JSON.stringify(ANSWERS[path] ?? { message: `client version is too old: ${path}` }));
    });
    const host = `unix://${join(home, 's')}`;
    engine = await connectEngine({ clock: realClock, env: {}, homeDirectory: home, platform: 'linux', host });
  });
  afterEach(async () => {
    engine.close();
    await server[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it('is spoken to in the oldest version that it takes', async () => {
    expect(await engine.info()).toMatchObject({ version: '29.1.0', apiVersion: '1.52' });
    expect(asked).toEqual(['/v1.41/_ping', '/version', '/v1.44/info']);
  });

  it('has images that say only what was set', async () => {
    const nothing = { user: '', exposedPorts: [], volumes: [], hasHealthcheck: false, labels: {}, id: INDEX };
    expect(await engine.inspectImage('web:1')).toEqual({ ...nothing, empty: false });
    expect(await engine.inspectImage('scratch:1')).toEqual({ ...nothing, empty: true });
  });

  it('has containers whose addresses are those in their networks', async () => {
    const expected = {
      name: 'web-1',
      imageId: INDEX,
      addresses: { n: '172.18.0.2' },
      heldAddresses: { n: ['172.18.0.2'] },
      ports: [{ hostIp: '0.0.0.0', published: 8080, target: 80, protocol: 'tcp' }],
    };
    expect(await engine.listAllContainers()).toEqual([expect.objectContaining({ ...expected, health: 'healthy' })]);
    expect(await engine.inspectContainer('web-1')).toMatchObject({ ...expected, restart: { name: 'always' } });
  });

  it('has networks that also tell of their addresses', async () => {
    expect(await engine.inspectNetwork('n')).toMatchObject({
      driver: 'bridge',
      pools: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1' }],
    });
  });

  it('tells events as lines of JSON, without the fields of old', async () => {
    for await (const event of engine.events({}, new AbortController().signal))
      expect(event).toEqual({ containerId: 'abc', kind: 'died', exitCode: 3 });
    expect(asked).toContain('/v1.44/events');
  });
});
