import { beforeAll, expect, it } from 'vitest';
import type { Receipt } from '../../src/model/results.ts';
import type { Service } from '../../src/model/service.ts';
import { describeEngine } from '../engine-available.ts';
import { aService } from '../rollout/a-service.ts';
import { deployServices } from '../rollout/deploy-services.ts';
import { testContext } from '../rollout/test-context.ts';
import { NODE_IMAGE } from '../rollout/test-project.ts';
import { bundleServer } from './bundle-server.ts';
import { grpcStream, grpcTalk, grpcUnary } from './grpc-clients.ts';
import * as http from './http-clients.ts';
import * as line from './line-clients.ts';
import { type OpenPeer, startPeers } from './peer-client.ts';

/** Clients of HTTP that are silent for a while, or whose server is. */
const SLOW: Readonly<Record<string, OpenPeer>> = {
  'silent for 10 s': http.silentFirst(10_000),
  'a first answer after 5 s': http.slow(5000),
  'server-sent events': http.events(2000),
};

/** What a port speaks, and the clients of it. */
const PEERS: Readonly<Record<string, Readonly<Record<string, OpenPeer>>>> = {
  http: {
    'HTTP/1.0': http.http10,
    'kept alive': http.keptAlive,
    pipelined: http.pipelined,
    'chunked, with trailers': http.chunked,
    WebSocket: http.webSocket,
    ...SLOW,
  },
  https: { https: http.https },
  h2c: { h2c: http.h2c },
  grpc: { unary: grpcUnary, streaming: grpcStream, 'both ways': grpcTalk },
  tls: { tls: line.tls },
  redis: { lines: line.lines },
  postgres: { postgres: line.postgres },
  smtp: { smtp: line.greeted(/^220 peers ESMTP\r\n/) },
  ssh: { ssh: line.greeted(/^SSH-2\.0-peers\r\n/) },
  mysql: { mysql: line.greeted(/^[^p]{5}peer[^+]/) },
};

describeEngine('peers that speak over one port', (engine) => {
  let server: string;
  beforeAll(async () => {
    server = (await bundleServer()).toString('base64');
  });

  it.concurrent.each(Object.keys(PEERS))('lose nothing by rollouts: %s', async (speaks) => {
    await using context = testContext(engine);
    const port = portOf(await deployServices(context, [peer(speaks, '1')]));
    const loads = Object.entries(PEERS[speaks] ?? {}).map(
      ([client, open]) => [client, startPeers(open, { host: '127.0.0.1', port })] as const,
    );
    await Promise.all(loads.map(([, load]) => load.pass(1)));
    const receipts = [
      await deployServices(context, [peer(speaks, '2')]),
      await deployServices(context, [{ ...peer(speaks, '3'), replicas: 2 }]),
    ];
    // One of these exchanges at least begins now: each client has one under way at most.
    await Promise.all(loads.map(([, load]) => load.pass(load.clients + 1)));
    for (const [client, load] of loads) {
      const { failures, versions } = await load.stop();
      expect([client, failures]).toEqual([client, []]);
      expect(Object.keys(versions), client).toContain('3');
    }
    for (const receipt of receipts) expect(receipt).toMatchObject({ outcome: 'deployed', requests: { failed: 0 } });
  });

  it.concurrent('let server-sent events end that are silent for 90 s while their replica is replaced', async () => {
    await using context = testContext(engine);
    const port = portOf(await deployServices(context, [peer('http', '1')]));
    const stream = http.events(90_000)({ host: '127.0.0.1', port });
    const heard = stream.exchange();
    await exchangeWith('http', port, '1');
    expect(await deployServices(context, [peer('http', '2')])).toMatchObject({
      outcome: 'deployed',
      requests: { failed: 0 },
    });
    expect(await heard).toBe('1');
    await exchangeWith('http', port, '2');
  });

  it.concurrent.each([
    ['http', 'https'],
    ['http', 'redis'],
    ['redis', 'http'],
    ['http', 'smtp'],
    ['smtp', 'http'],
    ['http', 'h2c'],
    ['tls', 'http'],
  ])('are served by a version that speaks something else on that port: %s, then %s', async (before, after) => {
    await using context = testContext(engine);
    const port = portOf(await deployServices(context, [peer(before, '1')]));
    await exchangeWith(before, port, '1');
    expect(await deployServices(context, [peer(after, '2')])).toMatchObject({ outcome: 'deployed' });
    await exchangeWith(after, port, '2');
    expect(await deployServices(context, [peer(after, '3')])).toMatchObject({ outcome: 'deployed' });
    await exchangeWith(after, port, '3');
    expect(await deployServices(context, [peer(before, '4')])).toMatchObject({ outcome: 'deployed' });
    await exchangeWith(before, port, '4');
  });

  const peer = (speaks: string, version: string): Service =>
    aService('peer', {
      image: NODE_IMAGE,
      entrypoint: ['node', '/server.cjs'],
      environment: { SPEAKS: speaks, VERSION: version },
      files: [{ kind: 'config', name: 'server', target: '/server.cjs', content: server }],
      ports: [{ target: 7000, published: 0, protocol: 'tcp' }],
    });
});

/** The port of the host that the engine has picked. */
const portOf = ({ outcome, url, error }: Receipt): number => {
  expect(error?.message ?? outcome).toBe('deployed');
  return Number(/:(\d+)$/.exec(url[0] ?? '')?.[1]);
};

/** One exchange of each client that does not wait for long; all have to be served by this version. */
const exchangeWith = async (speaks: string, port: number, version: string): Promise<void> => {
  const clients = Object.entries(PEERS[speaks] ?? {}).filter(([client]) => !(client in SLOW));
  const answers = clients.map(async ([client, open]) => {
    const peer = open({ host: '127.0.0.1', port });
    const answered = await peer.exchange();
    peer.close();
    expect([client, answered]).toEqual([client, version]);
  });
  await Promise.all(answers);
};
