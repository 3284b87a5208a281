import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine } from '../../src/engine/connect-engine.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { NetworkSpec } from '../../src/model/engine-spec.ts';
import { realClock } from '../../src/real-clock.ts';

/** What engines older and newer than the ones at hand are asked: a server that answers as one does stands in for them. */
describe('an engine is asked in the oldest version of the API that has what is wanted', () => {
  let home = '';
  let server: Server;
  let asked: { path: string; body: unknown }[] = [];
  let versions = {};
  let warnings: string[] | null = null;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 't-eng-'));
    asked = [];
    warnings = null;
    server = createServer(async (request, response) => {
      // A proxy may forbid pings. Then `/version` tells which versions of the API the engine knows.
      if (request.url?.endsWith('/_ping')) return response.writeHead(403).end();
      if (request.url === '/version') {
        response.end(JSON.stringify({ Version: 'x', Os: 'linux', Arch: 'amd64', ...versions }));
        return;
      }
      asked.push({ path: (request.url ?? '').replace(/\?.*/, ''), body: await json(request) });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ Id: 'abc', Warnings: warnings }));
    });
    await new Promise<void>((resolve) => server.listen(join(home, 'engine.sock'), resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(home, { recursive: true, force: true });
  });

  const ask = async (ApiVersion: string, act: (engine: Engine) => Promise<unknown>, MinAPIVersion = '1.12') => {
    versions = { ApiVersion, MinAPIVersion };
    const host = `unix://${home}/engine.sock`;
    const engine = await connectEngine({ clock: realClock, env: {}, homeDirectory: home, platform: 'linux', host });
    try {
      await act(engine);
    } finally {
      engine.close();
    }
    return asked.map(({ path }) => path);
  };
  const create = (ApiVersion: string, spec: Partial<ContainerSpec>, MinAPIVersion?: string) =>
    ask(
      ApiVersion,
      (engine) => engine.createContainer({ name: 'x', image: 'i', labels: {}, networks: [], ...spec }),
      MinAPIVersion,
    );

  const networks = [
    { name: 'a', aliases: ['one'] },
    { name: 'b', aliases: ['two'] },
  ];
  const healthcheck = {
    test: ['CMD', 'x'],
    intervalMs: 1000,
    timeoutMs: 1000,
    retries: 1,
    startPeriodMs: 0,
    startIntervalMs: 500,
  };
  const part = { kind: 'volume', source: 'v', target: '/x', readOnly: false, subpath: 'a/b' } as const;
  const farMac = [
    { name: 'a', aliases: [] },
    { name: 'b', aliases: [], macAddress: '02:42:00:00:00:06' },
  ];

  it.each<[string, string, Partial<ContainerSpec>, string[]]>([
    ['nothing new', '1.51', {}, ['/v1.41/containers/create']],
    ['several networks', '1.51', { networks }, ['/v1.41/containers/create', '/v1.41/networks/b/connect']],
    ['annotations', '1.51', { annotations: { a: 'b' } }, ['/v1.43/containers/create']],
    ['annotations, and it is too old', '1.42', { annotations: { a: 'b' } }, ['/v1.41/containers/create']],
    ['a start interval', '1.51', { healthcheck }, ['/v1.44/containers/create']],
    ['a start interval, and it is too old', '1.43', { healthcheck }, ['/v1.41/containers/create']],
    ['a start interval and several networks', '1.44', { healthcheck, networks }, ['/v1.44/containers/create']],
    ['a MAC address in a further network', '1.44', { networks: farMac }, ['/v1.44/containers/create']],
    ['a part of a volume and annotations', '1.51', { mounts: [part], annotations: {} }, ['/v1.45/containers/create']],
  ])('for a container with %s', async (_what, api, spec, paths) => {
    expect(await create(api, spec)).toEqual(paths);
  });

  it('and what it says of settings that it drops is passed on', async () => {
    warnings = ['Weight discarded.', 'Shares discarded.'];
    const heard: string[] = [];
    const spec: ContainerSpec = { name: 'x', image: 'i', labels: {}, networks: [] };
    await ask('1.51', (engine) => engine.createContainer(spec, (words) => heard.push(words)));
    expect(heard).toEqual(warnings);
  });

  it('also where it knows no version that old any more', async () => {
    expect(await create('1.52', { networks }, '1.44')).toEqual(['/v1.44/containers/create']);
    expect(asked[0]?.body).toMatchObject({
      NetworkingConfig: { EndpointsConfig: { a: { Aliases: ['one'] }, b: { Aliases: ['two'] } } },
    });
  });

  it.each<[string, string, Partial<ContainerSpec>, RegExp]>([
    ['a part of a volume', '1.44', { mounts: [part] }, /mounts a\/b of the volume v at \/x, which needs Docker 26\.0/],
    ['a MAC address in a further network', '1.43', { networks: farMac }, /a network besides its first, b,? .* 25\.0/],
  ])('and refused %s, before anything is asked, where it is too old', async (_what, api, spec, message) => {
    await expect(create(api, spec)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    });
    expect(asked).toEqual([]);
  });

  it('for a network without IPv4, or refused that', async () => {
    const network: NetworkSpec = { name: 'n', labels: {}, enableIpv4: false, enableIpv6: true };
    await expect(ask('1.47', (engine) => engine.createNetwork(network))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'Network "n" disables IPv4, which needs Docker 28.0, but the engine is older.',
    });
    expect(await ask('1.48', (engine) => engine.createNetwork(network))).toEqual(['/v1.48/networks/create']);
    expect(asked[0]?.body).toMatchObject({ EnableIPv4: false, EnableIPv6: true });
  });

  it('for any other network in the one spoken, without a word of IPv4', async () => {
    const network: NetworkSpec = { name: 'n', labels: {}, enableIpv4: true };
    expect(await ask('1.51', (engine) => engine.createNetwork(network))).toEqual(['/v1.41/networks/create']);
    expect(asked[0]?.body).not.toHaveProperty('EnableIPv4');
  });
});
