import { expect, it } from 'vitest';
import { LABEL } from '../../src/model/names.ts';
import type { Receipt } from '../../src/model/results.ts';
import { rollOut } from '../../src/rollout/roll-out.ts';
import { readProject } from '../compose/project/read-project.ts';
import { describeEngine } from '../engine-available.ts';
import { ask, caller, deployFile, IDLE, ingressesOf, openPorts, program, SERVER } from './inside-project.ts';
import { testContext } from './test-context.ts';

describeEngine('a service that publishes no port', (engine) => {
  it.each<[string, { unnamed?: boolean; environment?: object; expose?: string[] }]>([
    ['listens', {}],
    ['listens, and is named by nobody', { unnamed: true }],
    ['exposes a port', { expose: ['3000'] }],
    ['has an image without cat', { environment: { PATH: '/usr/local/bin' } }],
  ])('has an ingress from its first deploy on where it %s', async (_what, { unnamed, environment, ...more }) => {
    await using context = testContext(engine);
    const services = (version: string) => ({
      caller: caller(unnamed ? {} : { depends_on: ['app'] }),
      app: program(SERVER, { PORTS: '3000,9090', VERSION: version, ...environment }, more),
    });
    const first = await deployFile(context, services('1'));
    expect(await ingressesOf(context)).toEqual(['app']);
    expect(await ask(context, first, 'http://app:3000')).toBe('1');
    expect(await ask(context, first, 'http://app:9090')).toBe('1');
    expect(await ask(context, first, 'http://app:81')).toBe('ECONNREFUSED');
    expect(await ask(context, first, 'http://tasks.app:3000')).toBe('1');
    expect(await ask(context, first, `http://${context.project}-app-1:3000`)).toBe('1');
    expect((await deployFile(context, services('1'))).outcome).toBe('unchanged');
    const second = await deployFile(context, services('2'));
    expect(second.replicas.filter(({ service }) => service === 'caller')).toMatchObject([
      { container: first.replicas.find(({ service }) => service === 'caller')?.container },
    ]);
    expect(await ask(context, second, 'http://app:9090')).toBe('2');
  });

  it.each([
    ['listens on nothing', program(IDLE)],
    ['listens on 127.0.0.1', program(SERVER, { PORTS: '3000', HOST: '127.0.0.1' })],
    ['wants none', program(SERVER, { PORTS: '3000' }, { 'x-lobbie': { ingress: false } })],
    ['mounts data', program(SERVER, { PORTS: '3000' }, { volumes: ['/data'] })],
  ])('has none where it %s', async (_what, app) => {
    await using context = testContext(engine);
    const first = await deployFile(context, { caller: caller(), app });
    expect(first.outcome).toBe('deployed');
    expect(await ingressesOf(context)).toEqual([]);
    const again = await deployFile(context, { caller: caller(), app });
    expect(again.outcome).toBe('unchanged');
    const replicas = again.replicas.map(({ container }) => container);
    expect(replicas).toEqual(first.replicas.map(({ container }) => container));
  });

  it('gets its name and its ingress once a port has opened that was closed at its gate', async () => {
    await using context = testContext(engine);
    const services = {
      caller: caller(),
      app: program(SERVER, { PORTS: '3000', LATE: '1' }),
    };
    await deployFile(context, services);
    expect(await ingressesOf(context)).toEqual([]);
    await openPorts(context, 'app');
    const [replica] = await engine.listContainers({ [LABEL.project]: context.project, [LABEL.service]: 'app' });
    const isOpen = async () => {
      const { output } = await engine.exec(replica?.id ?? '', ['cat', '/proc/net/tcp6'], { timeoutMs: 300_000 });
      return output.includes(':0BB8 ');
    };
    await expect.poll(isOpen).toBe(true);
    const later = await deployFile(context, services);
    expect(await ingressesOf(context)).toEqual(['app']);
    expect(await ask(context, later, 'http://app:3000')).toBe('1');
    // The container that was there stays: nothing of it has changed.
    expect(later.replicas.find(({ service }) => service === 'app')?.container).toBe(replica?.name);
  });

  it('gets another ingress and another replica in one deploy', async () => {
    await using context = testContext(engine);
    const deployOn = async (networks: readonly string[], version: string): Promise<Receipt> => {
      const file = {
        name: context.project,
        services: {
          caller: caller({ depends_on: ['app'] }),
          app: program(SERVER, { PORTS: '3000', VERSION: version }, { networks }),
        },
        networks: { back: {} },
      };
      const { project } = await readProject(JSON.stringify(file));
      return rollOut(context, { project, command: 'deploy', recreate: [], asDeployed: false });
    };
    await deployOn(['default', 'back'], '1');
    for (const [networks, version] of [
      [['default'], '2'],
      [['default', 'back'], '3'],
    ] as const) {
      const receipt = await deployOn(networks, version);
      expect(receipt).toMatchObject({ outcome: 'deployed' });
      expect(await ask(context, receipt, 'http://app:3000')).toBe(version);
    }
  });

  it('serves a port that others name as soon as it opens', async () => {
    await using context = testContext(engine);
    const receipt = await deployFile(context, {
      caller: caller({ command: ['--', 'http://app:3000'] }),
      app: program(SERVER, { PORTS: '3000', LATE: '1' }),
    });
    const warning = { type: 'warning', message: expect.stringContaining('Nothing in app listens on a TCP port yet') };
    expect(context.events).toContainEqual(expect.objectContaining(warning));
    await openPorts(context, 'app');
    await expect.poll(() => ask(context, receipt, 'http://app:3000')).toBe('1');
  });

  it('has two containers side by side where it is HTTP within TLS, in every rollout', async () => {
    await using context = testContext(engine);
    // Without certificates: both sides know a key. As browsers do, the client says that it speaks HTTP.
    const keyed = `{ ALPNProtocols: ['http/1.1'], ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', checkServerIdentity: () => undefined,
      pskCallback: (...known) => known.length > 1 ? key : { psk: key, identity: 'test' } }`;
    const server = `
      const key = Buffer.from('key of a test');
      require('node:https').createServer(${keyed}, (_, answer) => answer.end(process.env.VERSION)).listen(8443);`;
    const client = `
      const key = Buffer.from('key of a test');
      require('node:https').get('https://app:8443/', ${keyed}, (answer) => answer.on('data', (text) => console.log(String(text))));`;
    const services = (version: string) => ({
      caller: caller({ depends_on: ['app'] }),
      app: program(server, { VERSION: version }, { expose: ['8443'] }),
    });
    for (const version of ['1', '2', '3']) {
      const receipt = await deployFile(context, services(version));
      const container = receipt.replicas.find(({ service }) => service === 'caller')?.container ?? '';
      const { output } = await engine.exec(container, ['node', '-e', client], { timeoutMs: 300_000 });
      expect(output.trim()).toBe(version);
    }
    const stops = context.events.filter((event) => event.type === 'step-done' && event.step.kind === 'stop-replica');
    expect(stops).toEqual([]);
  });

  it('never has two containers side by side where it is not HTTP', async () => {
    await using context = testContext(engine);
    const broker = `
      const { createServer, connect } = require('node:net');
      createServer((socket) => socket.on('data', (data) => socket.end(process.env.VERSION + data))).listen(6379);`;
    const services = (version: string) => ({
      caller: caller({ depends_on: ['broker'] }),
      broker: program(broker, { VERSION: version }),
    });
    const first = await deployFile(context, services('1'));
    const container = first.replicas.find(({ service }) => service === 'caller')?.container ?? '';
    const say = `require('node:net').connect(6379, 'broker').on('data', (data) => console.log(String(data))).write('PING')`;
    const { output } = await engine.exec(container, ['node', '-e', say], { timeoutMs: 300_000 });
    expect(output.trim()).toBe('1PING');
    await deployFile(context, services('2'));
    const stopped = context.events.findIndex(
      ({ type, ...event }) => type === 'step-done' && 'step' in event && event.step.kind === 'stop-replica',
    );
    const started = context.events.findLastIndex(
      ({ type, ...event }) => type === 'step-started' && 'step' in event && event.step.kind === 'start-replica',
    );
    expect(stopped).toBeGreaterThan(-1);
    expect(stopped).toBeLessThan(started);
  });
});
